// The questions of the lab sheets, each as a lesson: question N of a sheet is the lesson `SHEET-N`. The questions are
// those of docs/labs and docs/es, word for word; `cargo xtask browsers` compares them. Texts are [English, Spanish].

import { asks, request } from "./scenarios.js";

/** A request as curl sends it to the server of a lab, which listens at this port. */
const curl = (port, path, ...fields) =>
  asks(request(`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, "User-Agent: curl/7.88.1", "Accept: */*", ...fields));

/** A request as a browser sends it. */
const browser = (path, ...fields) => request(`GET ${path} HTTP/1.1`, "Host: 127.0.0.1:13331", "Connection: keep-alive",
  "User-Agent: Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36", ...fields);

const page = { options: "--preset kurose", clients: [{ at: 0, steps: curl(13331, "/HelloWorld.html") }] };

/** Eleven clients begin a request. The third ends it after two seconds, the eleventh after four; then all leave. */
const eleven = Array.from({ length: 11 }, (_, index) => {
  const ends = { 2: 2000, 10: 4000 }[index];
  const begun = { after: 0, send: "GET /text/text.htm" };
  return { at: 0, steps: ends ? [begun, { after: ends, send: "\\r\\n" }] : [begun, { after: 5000, end: true }] };
});

const KUROSE = [
  {
    id: "kurose-1",
    title: ["Where a head ends", "Dónde acaba la cabecera"],
    story: [
      "This is the request of the sheet, as curl sends it. Point at the ends of its lines, or switch to Hex.",
      "Es la petición de la hoja, tal como la envía curl. Señala los finales de sus líneas, o pasa a Hex.",
    ],
    question: [
      "Which bytes end a line of the request, and which end its head? How many bytes is that?",
      "¿Qué bytes terminan una línea de la petición, y cuáles terminan su cabecera? ¿Cuántos son?",
    ],
    answer: [
      "A line ends with two bytes, 13 and 10 (CR LF, written \\r\\n). The head ends with an empty line, so with four bytes in a row: \\r\\n\\r\\n.",
      "Una línea termina con dos bytes, 13 y 10 (CR LF, que se escriben \\r\\n). La cabecera termina con una línea vacía, es decir, con cuatro bytes seguidos: \\r\\n\\r\\n.",
    ],
    ...page,
  },
  {
    id: "kurose-2",
    title: ["Where the content ends", "Dónde acaba el contenido"],
    story: [
      "The same request. Now look at what was sent: the fields of the response.",
      "La misma petición. Mira ahora lo que se envió: los campos de la respuesta.",
    ],
    question: [
      "The head of the response has 307 bytes, and the content 281. Which field tells the browser that it has all of the content?",
      "La cabecera de la respuesta mide 307 bytes y el contenido, 281. ¿Qué campo le dice al navegador que ya lo tiene todo?",
    ],
    answer: [
      "Content-Length: 281. The browser counts the bytes behind the empty line. That the connection ends as well (Connection: close) is not enough: it could also have been cut off.",
      "Content-Length: 281. El navegador cuenta los bytes que siguen a la línea vacía. Que además termine la conexión (Connection: close) no basta: también podría haberse cortado.",
    ],
    ...page,
  },
  {
    id: "kurose-3",
    title: ["What a browser asks for", "Qué pide un navegador"],
    story: [
      "Here a browser opens /HelloWorld.html. Each block on the board is a request: look at what they ask for.",
      "Aquí un navegador abre /HelloWorld.html. Cada bloque de la pizarra es una petición: mira qué piden.",
    ],
    question: [
      "Your browser asked for more than you did. For what? (Look at the targets.)",
      "El navegador ha pedido más cosas que tú. ¿Cuáles? (Fíjate en los destinos.)",
    ],
    answer: [
      "For /favicon.ico, the small picture on the tab: a browser asks every site for it, unless the page names another. It also opened a second connection before it needed one, and said nothing on it at first: a server that waits for each client in turn would hang there. If the page had pictures or styles, there would be a request for each of them.",
      "El archivo /favicon.ico, el dibujo de la pestaña: un navegador se lo pide a todos los sitios, salvo que la página nombre otro. Además abrió una segunda conexión antes de necesitarla, y al principio no dijo nada por ella: un servidor que espera a cada cliente por turno se quedaría ahí. Si la página tuviera imágenes o estilos, habría una petición por cada uno.",
    ],
    options: "--preset kurose",
    clients: [
      { at: 0, steps: asks(browser("/HelloWorld.html", "Accept: text/html,application/xhtml+xml", "Accept-Language: en")) },
      { at: 10, steps: [{ after: 110, send: browser("/favicon.ico", "Accept: image/avif,image/webp,image/svg+xml,*/*;q=0.8", "Referer: http://127.0.0.1:13331/HelloWorld.html") }] },
    ],
  },
  {
    id: "kurose-4",
    title: ["The page of a 404", "La página del 404"],
    story: [
      "There is no such file. See what was looked up, below the decision.",
      "Ese archivo no existe. Mira qué se buscó, debajo de la decisión.",
    ],
    question: [
      "In the 404's trace, two names are looked up. Why the second one? Where do the bytes of the 404 page come from?",
      "En la traza del 404 se buscan dos nombres. ¿Por qué el segundo? ¿De dónde salen los bytes de la página del 404?",
    ],
    answer: [
      "The first is the file that was asked for. As it is not there, the server looks for 404.html in the same folder, and sends that with the status 404. Remove 404.html from the folder’s files: then the server writes a page of its own.",
      "El primero es el archivo que se pidió. Como no está, el servidor busca 404.html en la misma carpeta y lo envía con el código 404. Quita 404.html de los archivos de la carpeta: entonces el servidor escribe una página propia.",
    ],
    options: "--preset kurose",
    clients: [{ at: 0, steps: curl(13331, "/nope.html") }],
  },
];

const LAB01 = [
  {
    id: "lab01-1",
    title: ["No head, no status", "Sin cabecera ni código"],
    story: [
      "The request of the sheet is one line. Below, under “What each client received”, is all that comes back.",
      "La petición de la hoja es una línea. Más abajo, en «Lo que recibió cada cliente», está todo lo que vuelve.",
    ],
    question: [
      "The response says neither 200 nor how long it is. How does the client know that it has everything? And that the file was found?",
      "La respuesta no dice 200 ni cuánto mide. ¿Cómo sabe el cliente que ya lo tiene todo? ¿Y que el archivo existía?",
    ],
    answer: [
      "That it has everything, it takes from the end of the connection, and cannot tell it from a connection that broke. That the file was found, it does not know: the page of a 404 comes in the same way. Ask for /nope.html.",
      "Que ya lo tiene todo lo supone porque la conexión termina, y no puede distinguirlo de una conexión que se corta. Que el archivo existía no lo sabe: la página de un 404 llega igual. Pide /nope.html.",
    ],
    options: "--preset lab01",
    clients: [{ at: 0, steps: asks("GET /text/text.htm\\r\\n") }],
  },
  {
    id: "lab01-2",
    opens: 11,
    title: ["The eleventh client", "El undécimo cliente"],
    story: [
      "Eleven clients begin a request. After two seconds the third ends its own, after four the eleventh. Look at the lowest lane.",
      "Once clientes empiezan una petición. A los dos segundos el tercero termina la suya; a los cuatro, el undécimo. Mira la última fila.",
    ],
    question: [
      "The eleventh client was connected from the start: create_connection had returned. Where was it until the server accepted it? For how long?",
      "El undécimo cliente estaba conectado desde el principio: create_connection ya había vuelto. ¿Dónde estuvo hasta que el servidor lo aceptó? ¿Cuánto tiempo?",
    ],
    answer: [
      "In the operating system’s queue of connections that are open and that nobody has accepted yet, for two seconds: until the third client had its response and its connection ended. What the eleventh had sent by then was waiting in the system’s buffer.",
      "En la cola del sistema operativo, donde están las conexiones ya abiertas que nadie ha aceptado todavía, durante dos segundos: hasta que el tercer cliente tuvo su respuesta y su conexión terminó. Lo que el undécimo ya había enviado esperaba en el búfer del sistema.",
    ],
    options: "--preset lab01",
    clients: eleven,
  },
  {
    id: "lab01-3",
    opens: 11,
    title: ["No slot is free", "No hay ningún lugar libre"],
    story: [
      "The same eleven clients, and a server that does not let the eleventh wait.",
      "Los mismos once clientes, y un servidor que no deja esperar al undécimo.",
    ],
    question: [
      "What does a client see that finds all ten slots taken, with --when-full reject instead?",
      "¿Y qué ve, con --when-full reject, un cliente que encuentra ocupados los diez lugares?",
    ],
    answer: [
      "A response at once: 503 Service Unavailable, and the connection ends. Nothing was read from it. A client of HTTP/0.9 gets the head too, since the server cannot know yet which version the client speaks.",
      "Una respuesta inmediata: 503 Service Unavailable, y la conexión termina. No se leyó nada de lo que envió. Un cliente de HTTP/0.9 también recibe la cabecera, porque el servidor aún no puede saber qué versión habla.",
    ],
    options: "--preset lab01 --when-full reject",
    clients: eleven,
  },
  {
    id: "lab01-4",
    title: ["Eleven silent clients", "Once clientes callados"],
    story: [
      "They connect one after the other, a hundred milliseconds apart. Look at which lane ends first, and why.",
      "Se conectan uno tras otro, cada cien milisegundos. Mira qué fila termina primero, y por qué.",
    ],
    question: [
      "Let eleven clients connect and say nothing at all. Who had to leave, and why is that fair?",
      "Haz que once clientes se conecten y no digan nada. ¿Quién tuvo que irse, y por qué es justo?",
    ],
    answer: [
      "The first: it had been silent for longest. None of them was being served, so nobody lost anything; a client that asks for something keeps its slot. Without this, ten silent clients would be enough to keep everybody else out.",
      "El primero: era el que llevaba más tiempo callado. A ninguno se le estaba atendiendo, así que nadie pierde nada; el que pide algo conserva su lugar. Sin esto, diez clientes callados bastarían para dejar fuera a todos los demás.",
    ],
    options: "--preset lab01",
    clients: Array.from({ length: 11 }, (_, index) => ({ at: index * 100, steps: [{ after: 3000, end: true }] })),
  },
];

const MININET = [
  {
    id: "mininet-1",
    opens: 2,
    title: ["The four numbers", "Los cuatro números"],
    story: [
      "The same program asks twice. The four numbers are above the bytes of each exchange: client → server.",
      "El mismo programa pide dos veces. Los cuatro números están encima de los bytes de cada intercambio: cliente → servidor.",
    ],
    question: [
      "Four numbers make a connection: two addresses, two ports. You chose port 3000. Who chose the client's, and why was it another one for the request before?",
      "Una conexión son cuatro números: dos direcciones y dos puertos. El 3000 lo elegiste tú. ¿Quién eligió el del cliente, y por qué era otro en la petición anterior?",
    ],
    answer: [
      "The client’s operating system, which takes one that is free. Three of the four numbers are the same for both requests; if the fourth were too, nobody could tell late segments of the first connection from those of the second.",
      "El sistema operativo del cliente, que toma uno libre. Tres de los cuatro números son iguales en las dos peticiones; si también lo fuera el cuarto, nadie podría distinguir los segmentos tardíos de la primera conexión de los de la segunda.",
    ],
    options: "--preset mininet",
    clients: [{ at: 0, steps: curl(3000, "/hello.html") }, { at: 400, steps: curl(3000, "/no-such-page.html") }],
  },
  {
    id: "mininet-2",
    title: ["A head in two reads", "Una cabecera en dos lecturas"],
    story: [
      "This is the request of the sheet, with a field of 1500 letters. Below its bytes you see how many bytes each read brought.",
      "Es la petición de la hoja, con un campo de 1500 letras. Debajo de sus bytes se ve cuántos trajo cada lectura.",
    ],
    question: [
      "How many recv(1024) is that at least? By which bytes does the server know that it has everything?",
      "¿Cuántos recv(1024) son, como mínimo? ¿Con qué bytes sabe el servidor que ya lo tiene todo?",
    ],
    answer: [
      "Two: 1024 bytes and 574. Neither of them is a message: the server puts them together, and knows by \\r\\n\\r\\n, the empty line, that the head is complete. No body follows, since no field announces one.",
      "Dos: 1024 bytes y 574. Ninguno es un mensaje: el servidor los junta, y por \\r\\n\\r\\n, la línea vacía, sabe que la cabecera está completa. No sigue ningún contenido, porque ningún campo lo anuncia.",
    ],
    options: "--preset mininet",
    clients: [{ at: 0, steps: curl(3000, "/hello.html", `X-Long: ${"x".repeat(1500)}`) }],
  },
  {
    id: "mininet-3",
    opens: 3,
    title: ["A queue of one", "Una cola de uno"],
    story: [
      "Eight clients connect in the same instant. Dotted: a client whose attempt to connect nobody has replied to.",
      "Ocho clientes se conectan en el mismo instante. Con puntos: un cliente a cuyo intento de conexión nadie ha contestado.",
    ],
    question: [
      "So who waited for that second, and for what?",
      "¿Quién esperó entonces ese segundo, y a qué?",
    ],
    answer: [
      "The clients that found the queue full: Linux lets listen(1) hold two, and drops what else arrives (the SYN), without a word. The client’s TCP believes that its segment was lost, and sends it again after a second: that timer is what it waited for. Nobody was busy. Add --backlog 16: now nobody waits.",
      "Los clientes que encontraron la cola llena: en Linux, con listen(1) caben dos, y lo demás que llega (el SYN) se descarta sin decir nada. El TCP del cliente cree que su segmento se perdió, y lo repite al cabo de un segundo: esperó a ese temporizador. Nadie estaba ocupado. Añade --backlog 16: ahora nadie espera.",
    ],
    options: "--preset mininet",
    clients: Array.from({ length: 8 }, () => ({ at: 0, steps: curl(3000, "/hello.html") })),
  },
  {
    id: "mininet-4",
    title: ["A server that ends", "Un servidor que termina"],
    story: [
      "With --requests 1 the server serves once. A second client comes half a second later.",
      "Con --requests 1 el servidor atiende una sola vez. Medio segundo después viene otro cliente.",
    ],
    question: [
      "With --requests 1, what does the trace say under then?",
      "Con --requests 1, ¿qué dice después?",
    ],
    answer: [
      "That the connection ends, because the server is about to end: it has sent as many responses as it was asked for. The second client is never accepted: there is no program left to do it, and on a real system it would be refused (connection refused).",
      "Que la conexión termina, porque el servidor va a terminar: ya ha enviado tantas respuestas como se le pidieron. Al segundo cliente nadie lo acepta: ya no hay programa que lo haga, y en un sistema real se le rechazaría la conexión (connection refused).",
    ],
    options: "--preset mininet --requests 1",
    clients: [{ at: 0, steps: curl(3000, "/hello.html") }, { at: 500, steps: curl(3000, "/hello.html") }],
  },
];

/** The sheets, each with its lessons; the second name of a file is that of the Spanish one. */
export const SHEETS = [
  { title: ["Sheet: Kurose and Ross", "Hoja: Kurose y Ross"], files: ["docs/labs/kurose.md", "docs/es/kurose.md"], lessons: KUROSE },
  { title: ["Sheet: Lab01", "Hoja: Lab01"], files: ["docs/labs/lab01.md", "docs/es/lab01.md"], lessons: LAB01 },
  { title: ["Sheet: Mininet", "Hoja: Mininet"], files: ["docs/labs/mininet.md", "docs/es/mininet.md"], lessons: MININET },
];
