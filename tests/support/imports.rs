//! The imports of a component.

use std::collections::BTreeSet;
use wasmparser::component_types::ComponentEntityType;
use wasmparser::{Parser, Payload, Validator};

/// A name without its version, because patch releases of WASI do not change what is listed here.
pub fn unversioned(name: &str) -> &str {
    name.split('@').next().unwrap_or(name)
}

/// The imports of the component: functions as `interface function`, and interfaces.
pub fn imports(component: &[u8]) -> BTreeSet<String> {
    let types = Validator::new().validate_all(component).expect("it is valid");
    let types = types.as_ref();
    let mut imports = BTreeSet::new();
    for payload in Parser::new(0).parse_all(component) {
        let Payload::ComponentImportSection(section) = payload.unwrap() else {
            continue;
        };
        for import in section {
            let name = import.unwrap().name.name;
            // The imports of inner components come from this one.
            let Some(item) = types.component_item_for_import(name) else {
                continue;
            };
            let ComponentEntityType::Instance(interface) = item.ty else {
                panic!("{name} is no interface");
            };
            imports.insert(unversioned(name).to_owned());
            for (function, item) in &types[interface].exports {
                if let ComponentEntityType::Func(_) = item.ty {
                    imports.insert(format!("{} {function}", unversioned(name)));
                }
            }
        }
    }
    imports
}
