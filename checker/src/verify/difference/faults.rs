//! What each kind of difference is called, and what mends it.

use crate::faults;

faults! {
    /// Nothing at all.
    EMPTY {
        "The response for {path} has no content.",
        "La respuesta a {path} no trae contenido.";
        "If the server's terminal shows an exception, that is the cause: fix it first. Otherwise, after the empty line and before close(), send the bytes of the file: with open(name, \"rb\"), sendall(f.read()); print only writes to your own terminal. Read the file once: a second read() of the same file gives nothing. If an except hides what goes wrong, print the exception in it: except Exception as e: print(repr(e))",
        "Si la terminal del servidor muestra una excepción, esa es la causa: corrígela primero. Si no, tras la línea vacía y antes de close(), envía los bytes del archivo: con open(nombre, \"rb\"), sendall(f.read()); print solo escribe en tu propia terminal. Lee el archivo una vez: un segundo read() del mismo archivo no da nada. Si un except esconde lo que falla, muestra ahí la excepción: except Exception as e: print(repr(e))"
    }
    /// Nothing, and the program has ended.
    EMPTY_ENDED {
        "After the head of {path} no content comes, and the program ends.",
        "Tras la cabecera de {path} no llega contenido y el programa termina.";
        "Open the file with \"rb\", and send what read() gave all at once: sendall(outputdata), before close(), without a loop, encode() or decode(). This mends an AttributeError (\"'int'\" or \"'bytes' object has no attribute 'encode'\"), a UnicodeEncodeError or UnicodeDecodeError, \"Bad file descriptor\", and a TypeError at that send (\"not 'builtin_function_or_method'\": read needs its parentheses). If the server's terminal shows another exception, that is the cause, and the nearest line above it with \"line\" and a number is the place.",
        "Abre el archivo con \"rb\" y envía de una vez lo que dio read(): sendall(outputdata), antes de close(), sin bucle, encode() ni decode(). Esto arregla un AttributeError («'int'» o «'bytes' object has no attribute 'encode'»), un UnicodeEncodeError o UnicodeDecodeError, «Bad file descriptor» y un TypeError en ese send («not 'builtin_function_or_method'»: a read le faltan los paréntesis). Si la terminal del servidor muestra otra excepción, esa es la causa, y más arriba, en la línea con «line» y un número, está el lugar."
    }
    /// Line ends after it.
    LINE_END_BEHIND {
        "After the content of {path} come {behind} bytes that are not in the file: {bytes}",
        "Tras el contenido de {path} vienen {behind} bytes que no están en el archivo: {bytes}";
        "Send nothing after the file's bytes: remove the send(\"\\r\\n\") that follows them.",
        "No envíes nada tras los bytes del archivo: quita el send(\"\\r\\n\") que los sigue."
    }
    /// Something else after it.
    MORE {
        "The file {path} is whole, and {behind} bytes that are not in it come after it: {bytes}",
        "El archivo {path} llega entero, y después vienen {behind} bytes que no son suyos: {bytes}";
        "Send nothing after the file's bytes: find what sends {bytes}",
        "No envíes nada tras los bytes del archivo: busca qué envía {bytes}"
    }
    /// The except branch has run as well.
    SECOND_RESPONSE {
        "After the content of {path} comes a second response, with status {code}, on the same connection.",
        "Tras el contenido de {path} viene una segunda respuesta, con estado {code}, por la misma conexión.";
        "Something fails after the file was sent, and the except branch sends a response too: print the exception in it (except Exception as e: print(repr(e))). If nothing is printed, the send of the 404 is after the try, where it is done for every request: put it into the except.",
        "Algo falla después de enviar el archivo, y la rama del except también envía una respuesta: muestra ahí la excepción (except Exception as e: print(repr(e))). Si no se muestra nada, el send del 404 está después del try, donde se hace en cada petición: ponlo dentro del except."
    }
    /// Once in each turn of a loop.
    REPEATED {
        "The file {path} comes {times} times.",
        "El archivo {path} llega {times} veces.";
        "Send it once: the sendall of the whole file is inside a loop that runs {times} times, over its characters or lines. Take it out of the loop.",
        "Envíalo una vez: el sendall del archivo entero está dentro de un bucle de {times} vueltas, que recorre sus caracteres o líneas. Sácalo del bucle."
    }
    /// Once, and once more.
    TWICE {
        "The file {path} comes twice.",
        "El archivo {path} llega dos veces.";
        "Send it once: the program sends it whole, and then again, with a second send or with a loop over its characters or lines. Delete one of the two.",
        "Envíalo una vez: el programa lo envía entero y luego otra vez, con otro send o con un bucle que recorre sus caracteres o líneas. Borra uno de los dos."
    }
    /// The head is sent after the file.
    HEAD_BEHIND {
        "The head comes after the content of {path}.",
        "La cabecera llega después del contenido de {path}.";
        "Move the send of the head up, before the send of the file.",
        "Sube el send de la cabecera: va antes del send del archivo."
    }
    /// Line ends in front of it.
    BEFORE {
        "Before the content of {path} come {before} bytes that are not in the file: {bytes}",
        "Antes del contenido de {path} vienen {before} bytes que no están en el archivo: {bytes}";
        "End the head with one empty line, \"\\r\\n\\r\\n\", and go on with the file's first byte.",
        "Termina la cabecera con una sola línea vacía, \"\\r\\n\\r\\n\", y sigue con el primer byte del archivo."
    }
    /// Field lines in front of it.
    FIELD_AFTER_BLANK {
        "A field line comes after the empty line, where the content begins: {bytes}",
        "Hay un campo después de la línea vacía, donde empieza el contenido: {bytes}";
        "Send all field lines before the empty line: one \"\\r\\n\" after each line, and \"\\r\\n\\r\\n\" only after the last one.",
        "Envía todos los campos antes de la línea vacía: un \"\\r\\n\" tras cada línea, y \"\\r\\n\\r\\n\" solo tras la última."
    }
    /// A whole head in front of it.
    HEAD_TWICE {
        "A second head comes after the first one, where the content begins: {bytes}",
        "Hay una segunda cabecera después de la primera, donde empieza el contenido: {bytes}";
        "Send the status line and the field lines once.",
        "Envía la línea de estado y los campos una sola vez."
    }
    /// Bytes 0 before it or after it.
    ZEROS {
        "The file {path} is there, with bytes 0 that are not in it: {before} before it and {behind} after it.",
        "El archivo {path} está, con bytes 0 que no son suyos: {before} delante y {behind} detrás.";
        "A buffer was sent whole: send only the bytes that are in it, with the length that strlen or read gave.",
        "Se envió un búfer entero: envía solo los bytes que contiene, con la longitud que dio strlen o read."
    }
    /// Something in front of it and after it, or other text in front of it.
    AROUND {
        "The file {path} is there, with {before} bytes before it and {behind} after it that are not its own: {bytes}",
        "El archivo {path} está, con {before} bytes delante y {behind} detrás que no son suyos: {bytes}";
        "After the empty line send only the bytes of the file: find what sends {bytes}",
        "Tras la línea vacía envía solo los bytes del archivo: busca qué envía {bytes}"
    }
    /// Its end is missing.
    SHORT {
        "The content of {path} ends too early: {sent} of {length} bytes came.",
        "El contenido de {path} acaba antes de tiempo. Bytes que llegaron: {sent} de {length}.";
        "Open the file with \"rb\", read the whole file with f.read() (without a number: read(1024) is not all of it), and send what that gave with one sendall(outputdata), in place of a loop or a send. A loop over range(...) may stop too early, and send may send only a part. If the terminal shows an exception, that is the cause.",
        "Abre el archivo con \"rb\", léelo entero con f.read() (sin número: read(1024) no lo lee todo) y envía lo que dio con un solo sendall(outputdata), en lugar de un bucle o de send. Un bucle con range(...) puede parar antes de tiempo, y send puede enviar solo una parte. Si la terminal muestra una excepción, esa es la causa."
    }
    /// `read(1024)`
    READ_ONCE {
        "The content of {path} ends after {times} bytes or characters, of {length} bytes.",
        "El contenido de {path} acaba tras {times} bytes o caracteres, de {length} bytes.";
        "Read the whole file: f.read() with nothing between the parentheses. read({times}) and [:{times}] are only its beginning.",
        "Lee el archivo entero: f.read() sin nada entre los paréntesis. read({times}) y [:{times}] son solo el principio."
    }
    /// Its end is missing, and the program has ended.
    SHORT_ENDED {
        "The content of {path} ends too early, and then the program ends: {sent} of {length} bytes came.",
        "El contenido de {path} acaba antes de tiempo y el programa termina. Bytes que llegaron: {sent} de {length}.";
        "The last line in the server's terminal is the exception that is the cause, and the nearest line above it with \"line\" and a number is the place. UnicodeEncodeError: open the file with \"rb\" and send what read() gives with one sendall, without encode(). \"Bad file descriptor\": close() is inside the loop, take it out.",
        "La última línea de la terminal del servidor es la excepción que lo causa, y más arriba, en la línea con «line» y un número, está el lugar. UnicodeEncodeError: abre el archivo con \"rb\" y envía lo que da read() con un solo sendall, sin encode(). «Bad file descriptor»: close() está dentro del bucle, sácalo."
    }
    /// `close()` in the loop.
    CLOSED_IN_LOOP {
        "After the first line or character of {path} the connection is closed, and the program ends: {sent} of {length} bytes came.",
        "Tras la primera línea o el primer carácter de {path} la conexión se cierra y el programa termina. Bytes que llegaron: {sent} de {length}.";
        "Is close() inside the loop that sends the lines or characters (the terminal says \"Bad file descriptor\")? Take it out of the loop, one level to the left. If the terminal says something else, that is the cause.",
        "¿Está close() dentro del bucle que envía las líneas o los caracteres (la terminal dice «Bad file descriptor»)? Sácalo del bucle, un nivel a la izquierda. Si la terminal dice otra cosa, esa es la causa."
    }
    /// Its first character and no more.
    FIRST_CHARACTER_ONLY {
        "Only the first character of {path} comes.",
        "Solo llega el primer carácter de {path}.";
        "Is there a loop over the characters? Take close(), break and return out of it, one level to the left. Without a loop: send the whole text, without [0], and read it with f.read(), without a number.",
        "¿Hay un bucle que recorre los caracteres? Saca de él close(), break y return, un nivel a la izquierda. Sin bucle: envía el texto entero, sin [0], y léelo con f.read(), sin número."
    }
    /// Its last line, or its last character.
    LAST_PIECE_ONLY {
        "Only the end of {path} comes: {bytes}",
        "Solo llega el final de {path}: {bytes}";
        "A loop over the lines or characters goes through all of them, and only then the last one is sent: put the send inside the loop, one level to the right. Or open the file with \"rb\" and send everything with one sendall(f.read()).",
        "Un bucle recorre todas las líneas o caracteres, y solo después se envía lo último: mete el send en el bucle, un nivel a la derecha. O abre el archivo con \"rb\" y envía todo con un solo sendall(f.read())."
    }
    /// Its first line and no more.
    FIRST_LINE_ONLY {
        "The content of {path} ends after its first line: {sent} of {length} bytes came.",
        "El contenido de {path} acaba tras su primera línea. Bytes que llegaron: {sent} de {length}.";
        "Use f.read() and send all of it: readline() and [0] of readlines() are only the first line. If there is a loop over the lines, take close(), break and return out of it, one level to the left.",
        "Usa f.read() y envíalo todo: readline() y el [0] de readlines() son solo la primera línea. Si hay un bucle que recorre las líneas, saca de él close(), break y return, un nivel a la izquierda."
    }
    /// White space at its end was stripped.
    STRIPPED {
        "The content of {path} lacks the line end at its very end: {sent} of {length} bytes came.",
        "Al contenido de {path} le falta el fin de línea del final. Bytes que llegaron: {sent} de {length}.";
        "Send the bytes of the file as they are, to the last one: no strip() or rstrip(), no [:-1], and no loop that stops one byte too early.",
        "Envía los bytes del archivo tal cual, hasta el último: sin strip() ni rstrip(), sin [:-1] y sin un bucle que pare un byte antes del final."
    }
    /// A loop over the file has eaten its first line.
    FIRST_LINE_LOST {
        "The first {missing} bytes of {path}, its first line, are missing: {bytes}",
        "Faltan los primeros {missing} bytes de {path}, su primera línea: {bytes}";
        "A loop over the file (for line in f) or a readline() has read the first line already, or a loop over its lines begins at 1: use only f.read().",
        "Un bucle sobre el archivo (for linea in f) o un readline() ya leyó la primera línea, o un bucle que recorre sus líneas empieza en 1: usa solo f.read()."
    }
    /// Its beginning is missing.
    START_LOST {
        "The first {missing} bytes of {path} are missing: {bytes}",
        "Faltan los primeros {missing} bytes de {path}: {bytes}";
        "Something reads from the file before you send it, or a loop begins at 1 instead of 0: read it once, with f.read().",
        "Algo lee del archivo antes de que lo envíes, o un bucle empieza en 1 y no en 0: léelo una vez, con f.read()."
    }
    /// Its first byte is missing.
    FIRST_BYTE_LOST {
        "The first byte of {path} is missing: {bytes}",
        "Falta el primer byte de {path}: {bytes}";
        "A loop begins at 1 instead of 0: write range(0, len(outputdata)), or send everything with one sendall. Or something reads from the file before you send it: read it once, with f.read().",
        "Un bucle empieza en 1 y no en 0: escribe range(0, len(outputdata)), o envía todo con un solo sendall. O algo lee del archivo antes de que lo envíes: léelo una vez, con f.read()."
    }
    /// `\r\n` after each character.
    AFTER_EACH_BYTE {
        "After every byte of {path} comes {bytes}",
        "Tras cada byte de {path} viene {bytes}";
        "The send of a line end is inside the loop that sends the characters: take it out. Or send the file with one sendall.",
        "El send de un fin de línea está en el bucle que envía los caracteres: sácalo de ahí. O envía el archivo con un solo sendall."
    }
    /// `\r\n` after each line.
    AFTER_EACH_LINE {
        "After every line of {path} comes a line end that is not in the file: {bytes}",
        "Tras cada línea de {path} viene un final de línea que no está en el archivo: {bytes}";
        "Each line of the file has its own line end already: do not add one. Or send the file with one sendall.",
        "Cada línea del archivo ya tiene su propio fin de línea: no añadas otro. O envía el archivo con un solo sendall."
    }
    /// Its line ends were changed.
    LINE_ENDS {
        "The line ends of {path} were changed on the way (\\r\\n and \\n).",
        "Los finales de línea de {path} cambiaron por el camino (\\r\\n y \\n).";
        "Open the file in binary: open(name, \"rb\"), and send its bytes as they are.",
        "Abre el archivo en binario: open(nombre, \"rb\"), y envía sus bytes tal cual."
    }
    /// `"\n".join(f.readlines())`
    LINE_ENDS_ADDED {
        "There are more line ends than in {path}, the first one too many at byte {offset}.",
        "Hay más finales de línea que en {path}; el primero de más, en el byte {offset}.";
        "Each line that readlines() or a loop over the file gives has its own \"\\n\" already: send the lines as they are, without \"\\n\".join(...) and without + \"\\n\". Or send f.read().",
        "Cada línea que da readlines() o un bucle sobre el archivo ya tiene su \"\\n\": envía las líneas tal cual, sin \"\\n\".join(...) y sin + \"\\n\". O envía f.read()."
    }
    /// It has none any more.
    LINE_ENDS_LOST {
        "The line ends of {path} are missing: its lines run together.",
        "Faltan los finales de línea de {path}: sus líneas llegan pegadas.";
        "Send the bytes of the file as they are: split(), splitlines() and strip() remove the line ends. Use f.read().",
        "Envía los bytes del archivo tal cual: split(), splitlines() y strip() quitan los finales de línea. Usa f.read()."
    }
    /// `str(data)`
    STR_OF_BYTES {
        "This is how Python shows bytes: {path} was turned into text with str().",
        "Así muestra Python los bytes: {path} se convirtió en texto con str().";
        "Send what read() gave as it is, without str(), encode() and a loop over it, and apart from the head: sendall(head.encode()) first, then sendall(data). open(name, \"rb\") gives bytes already.",
        "Envía lo que dio read() tal cual, sin str() ni encode() ni un bucle que lo recorra, y aparte de la cabecera: primero sendall(cabecera.encode()), luego sendall(datos). open(nombre, \"rb\") ya da bytes."
    }
    /// `str(f.readlines())`
    STR_OF_LIST {
        "This is how Python shows a list: the lines of {path} were turned into text with str().",
        "Así muestra Python una lista: las líneas de {path} se convirtieron en texto con str().";
        "Use f.read(), which gives the whole file, instead of readlines() or list(), and send what it gives without str().",
        "Usa f.read(), que da el archivo entero, en vez de readlines() o list(), y envía lo que da sin str()."
    }
    /// It was read or sent as text.
    TEXT_MODE {
        "The bytes of {path} were changed on the way: from byte {offset} on they are not the file's.",
        "Los bytes de {path} cambiaron por el camino: desde el byte {offset} no son los del archivo.";
        "It was read as text: open it with \"rb\", without encoding= or errors=, and send what read() gave at once, sendall(outputdata), without a loop over its characters, str, decode or encode.",
        "Se leyó como texto: ábrelo en \"rb\", sin encoding= ni errors=, y envía de una vez lo que dio read(), sendall(outputdata), sin bucle que recorra sus caracteres, str, decode ni encode."
    }
    /// `lower()`
    CASE {
        "The letters of {path} changed between capitals and small letters.",
        "Las letras de {path} cambiaron entre mayúsculas y minúsculas.";
        "Send the bytes of the file as they are: without lower() and upper().",
        "Envía los bytes del archivo tal cual: sin lower() ni upper()."
    }
    /// `" ".join(text.split())`
    WHITESPACE {
        "Only the spaces and line ends of {path} are not those of the file, from byte {offset} on.",
        "Solo los espacios y los saltos de línea de {path} no son los del archivo, desde el byte {offset}.";
        "Send the bytes of the file as they are: without split(), join(), strip() and replace().",
        "Envía los bytes del archivo tal cual: sin split(), join(), strip() ni replace()."
    }
    /// `html.escape()`
    ESCAPED {
        "The characters <, > and & of {path} were replaced, as for text that is shown in a page.",
        "Los caracteres <, > y & de {path} se reemplazaron, como en un texto que se muestra en una página.";
        "Send the bytes of the file as they are: without html.escape() and replace().",
        "Envía los bytes del archivo tal cual: sin html.escape() ni replace()."
    }
    /// `repr()`, `json.dumps()`
    QUOTED {
        "{path} came as a string in quotes, with its line ends as the letters \\n.",
        "{path} llegó como una cadena entre comillas, con sus saltos de línea como las letras \\n.";
        "Send what read() gave as it is: without repr() and json.dumps().",
        "Envía lo que dio read() tal cual: sin repr() ni json.dumps()."
    }
    /// `str(f)`, `str(f.read)`
    OBJECT {
        "This is how Python shows an object, not what is in the file {path}: {bytes}",
        "Así muestra Python un objeto, no lo que hay en el archivo {path}: {bytes}";
        "Call read, with its parentheses, and send what it gives. With open(name, \"rb\") that are bytes: sendall(f.read())",
        "Llama a read, con sus paréntesis, y envía lo que da. Con open(nombre, \"rb\") son bytes: sendall(f.read())"
    }
    /// The same, and it is a file that is open as text.
    TEXT_OBJECT {
        "This is how Python shows an object, not what is in the file {path}: {bytes}",
        "Así muestra Python un objeto, no lo que hay en el archivo {path}: {bytes}";
        "Call read, with its parentheses, and send what it gives: sendall(f.read().encode()), where f is what open gave. The file is open as text, so encode() turns it into bytes.",
        "Llama a read, con sus paréntesis, y envía lo que da: sendall(f.read().encode()), donde f es lo que dio open. El archivo está abierto como texto, y encode() lo convierte en bytes."
    }
    /// `str(i)`, `str(len(data))`
    NUMBERS {
        "The content is digits, and not the bytes of {path}: {bytes}",
        "El contenido son cifras, y no los bytes de {path}: {bytes}";
        "Send what read() gave, not its length and not the index of a loop: data[i], not i; or everything with one sendall(f.read()).",
        "Envía lo que dio read(), no su longitud ni el índice de un bucle: datos[i], no i; o todo con un solo sendall(f.read())."
    }
    /// `range(0, n, 2)`
    LEFT_OUT {
        "Bytes of {path} are missing in between, the first one at byte {offset}: {sent} of {length} came.",
        "Faltan bytes en medio de {path}, el primero en el byte {offset}: llegaron {sent} de {length}.";
        "A loop or a slice leaves some out: look at the step and the ends of range(...) or [a:b:c]. Or send the whole file with one sendall.",
        "Un bucle o un corte se salta algunos: mira el paso y los límites de range(...) o de [a:b:c]. O envía el archivo entero con un solo sendall."
    }
    /// The head is sent for each line.
    HEAD_BETWEEN {
        "The head comes again in the middle of {path}: {bytes}",
        "La cabecera vuelve a llegar en medio de {path}: {bytes}";
        "Send the head once, before the loop over the lines or characters of the file.",
        "Envía la cabecera una sola vez, antes del bucle por las líneas o los caracteres del archivo."
    }
    /// Something is added to each piece.
    BETWEEN {
        "Among the bytes of {path} there are others that are not in the file, first {bytes}",
        "Entre los bytes de {path} hay otros que no están en el archivo, primero {bytes}";
        "The program adds something to each line or character: send each one as it is, do not add anything. Or send the whole file with one sendall.",
        "El programa añade algo a cada línea o carácter: envía cada uno tal cual, no añadas nada. O envía el archivo entero con un solo sendall."
    }
    /// The request.
    ECHOED {
        "The content is the request, not the file {path}.",
        "El contenido es la petición, no el archivo {path}.";
        "Send what read() gave of the file, and not what recv returned.",
        "Envía lo que dio read() del archivo, y no lo que devolvió recv."
    }
    /// The file's name.
    NAME {
        "The content is the name of the file {path}, not the file.",
        "El contenido es el nombre del archivo {path}, no el archivo.";
        "Open the file of that name, and send what read() gives.",
        "Abre el archivo de ese nombre y envía lo que da read()."
    }
    /// 404 with 200.
    ERROR_PAGE {
        "This is an error page and not {path}, after a status line that says 200.",
        "Esto es una página de error y no {path}, tras una línea de estado que dice 200.";
        "Print the exception in your except: except Exception as e: print(repr(e)). FileNotFoundError: start the server in the folder that has the file. \"'int' object has no attribute 'encode'\": the file is open with \"rb\", so send it at once, sendall(outputdata), without a loop and encode(). Another exception is itself the fault.",
        "Muestra la excepción en tu except: except Exception as e: print(repr(e)). FileNotFoundError: arranca el servidor en la carpeta que tiene el archivo. «'int' object has no attribute 'encode'»: el archivo está abierto con \"rb\", así que envíalo de una vez, sendall(outputdata), sin bucle ni encode(). Otra excepción es ella misma el fallo."
    }
    /// Something else.
    OTHER {
        "This is not the content of {path}: {sent} bytes came, and the file has {length}.",
        "Esto no es el contenido de {path}: llegaron {sent} bytes, y el archivo tiene {length}.";
        "Compare them from byte {offset} on. Is it another file? Take the name from the request line. Was it changed? Send what read() gives as it is.",
        "Compáralos desde el byte {offset}. ¿Es otro archivo? Saca el nombre de la línea de petición. ¿Se cambió? Envía tal cual lo que da read()."
    }
}
