//! Which branches of `src/shell`, `io` and `src/schedule` the simulation takes.
//!
//! A copy of the sources gets a mark in each branch: each function and closure, both sides of each `if`, each arm of
//! each `match`, each body of a loop, each `else` of a `let`, and the right side of each `&&` and `||`. A mark reports
//! on stderr when it is passed for the first time. Code in a macro has no marks, and the exit at a `?` has none.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Arm, Attribute, BinOp, Block, Expr, ExprBinary, ExprClosure, ExprIf, ImplItemFn, ItemFn, ItemMod, Local};

/// What the server prints when it passes a mark for the first time.
pub const TAKEN: &str = "taken ";

/// The module that the copy gets: `src/cover.rs`.
pub const MODULE: &str = r#"//! Marks of the simulation's coverage.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

static TAKEN: [AtomicBool; 4096] = [const { AtomicBool::new(false) }; 4096];

/// Tells of a mark that is passed for the first time.
pub fn pass(mark: usize) {
    if !TAKEN[mark].swap(true, Ordering::Relaxed) {
        let _ = std::io::stderr().write_all(format!("taken {mark}\n").as_bytes());
    }
}
"#;

/// A place in the sources that a run may pass.
#[derive(Clone, Debug)]
pub struct Mark {
    pub file: String,
    pub line: usize,
    pub kind: &'static str,
    /// The code at that place.
    pub text: String,
}

/// Puts marks into a file, and adds them to `marks`. `module` is the path by which the file names the module above.
///
/// # Errors
/// The file is not Rust.
pub fn mark(file: &str, text: &str, module: &str, marks: &mut Vec<Mark>) -> Result<String, String> {
    let parsed = syn::parse_file(text).map_err(|error| format!("{file}: {error}"))?;
    let mut marker = Marker {
        file,
        text,
        module,
        marks,
        insertions: Vec::new(),
    };
    marker.visit_file(&parsed);
    let mut insertions = marker.insertions;
    insertions.sort_by_key(|(at, order, _)| (*at, *order));
    let mut marked = String::with_capacity(text.len() * 2);
    let mut done = 0;
    for (at, _, inserted) in insertions {
        marked += &text[done..at];
        marked += &inserted;
        done = at;
    }
    Ok(marked + &text[done..])
}

struct Marker<'a> {
    file: &'a str,
    text: &'a str,
    module: &'a str,
    marks: &'a mut Vec<Mark>,
    /// Each text to insert, with its byte offset and its order among the texts at the same offset.
    insertions: Vec<(usize, isize, String)>,
}

impl Marker<'_> {
    fn pass(&mut self, line: usize, kind: &'static str) -> String {
        self.marks.push(Mark {
            file: self.file.to_owned(),
            line,
            kind,
            text: self.text.lines().nth(line - 1).unwrap_or_default().trim().to_owned(),
        });
        format!("{}::pass({});", self.module, self.marks.len() - 1)
    }

    /// Inserts a text at a beginning. The text of the outer expression comes first.
    fn at_beginning(&mut self, at: usize, text: String) {
        self.insertions.push((at, self.insertions.len().cast_signed(), text));
    }

    /// Inserts a text at an end. The text of the outer expression comes last.
    fn at_end(&mut self, at: usize, text: String) {
        self.insertions.push((at, -self.insertions.len().cast_signed(), text));
    }

    /// Adds a mark at the beginning of a block.
    fn begin(&mut self, block: &Block, kind: &'static str) {
        let open = block.brace_token.span.open();
        let pass = self.pass(open.start().line, kind);
        self.at_beginning(open.byte_range().end, pass);
    }

    /// Adds a mark before an expression. An expression that is not a block is put into one.
    fn before(&mut self, expression: &Expr, kind: &'static str) {
        if let Expr::Block(block) = expression
            && block.label.is_none()
            && block.attrs.is_empty()
        {
            return self.begin(&block.block, kind);
        }
        let span = expression.span();
        let pass = self.pass(span.start().line, kind);
        let range = span.byte_range();
        self.at_beginning(range.start, format!("{{{pass}"));
        self.at_end(range.end, "}".to_owned());
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    let is_test = |attribute: &Attribute| {
        let list = attribute.meta.require_list();
        list.is_ok_and(|list| list.path.is_ident("cfg") && list.tokens.to_string() == "test")
    };
    attributes.iter().any(is_test)
}

/// Whether a condition binds a variable. Such a condition cannot be put into a block.
fn binds(expression: &Expr) -> bool {
    match expression {
        Expr::Let(_) => true,
        Expr::Binary(binary) => binds(&binary.left) || binds(&binary.right),
        _ => false,
    }
}

impl<'ast> Visit<'ast> for Marker<'_> {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        if function.sig.constness.is_none() && !is_test(&function.attrs) {
            self.begin(&function.block, "fn");
            visit::visit_item_fn(self, function);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        if function.sig.constness.is_none() {
            self.begin(&function.block, "fn");
            visit::visit_impl_item_fn(self, function);
        }
    }

    // The compiler evaluates constants, so they get no marks.
    fn visit_item_const(&mut self, _: &'ast syn::ItemConst) {}

    fn visit_item_static(&mut self, _: &'ast syn::ItemStatic) {}

    fn visit_expr_const(&mut self, _: &'ast syn::ExprConst) {}

    fn visit_expr_if(&mut self, branch: &'ast ExprIf) {
        self.begin(&branch.then_branch, "if");
        match &branch.else_branch {
            Some((_, other)) if matches!(**other, Expr::Block(_)) => self.before(other, "else"),
            Some(_) => {}
            None => {
                let close = branch.then_branch.brace_token.span.close();
                let pass = self.pass(close.start().line, "no else");
                self.at_end(close.byte_range().end, format!(" else {{{pass}}}"));
            }
        }
        visit::visit_expr_if(self, branch);
    }

    fn visit_arm(&mut self, arm: &'ast Arm) {
        self.before(&arm.body, "arm");
        visit::visit_arm(self, arm);
    }

    fn visit_expr_while(&mut self, body: &'ast syn::ExprWhile) {
        self.begin(&body.body, "while");
        visit::visit_expr_while(self, body);
    }

    fn visit_expr_for_loop(&mut self, body: &'ast syn::ExprForLoop) {
        self.begin(&body.body, "for");
        visit::visit_expr_for_loop(self, body);
    }

    fn visit_local(&mut self, local: &'ast Local) {
        if let Some((_, other)) = local.init.as_ref().and_then(|init| init.diverge.as_ref()) {
            self.before(other, "let else");
        }
        visit::visit_local(self, local);
    }

    fn visit_expr_closure(&mut self, closure: &'ast ExprClosure) {
        self.before(&closure.body, "closure");
        visit::visit_expr_closure(self, closure);
    }

    fn visit_expr_binary(&mut self, binary: &'ast ExprBinary) {
        let kind = match binary.op {
            BinOp::And(_) => "&&",
            BinOp::Or(_) => "||",
            _ => return visit::visit_expr_binary(self, binary),
        };
        if !binds(&binary.right) {
            self.before(&binary.right, kind);
        }
        visit::visit_expr_binary(self, binary);
    }
}
