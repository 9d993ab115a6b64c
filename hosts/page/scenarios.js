// The lessons: each a scenario with a question. Texts are [English, Spanish]; bytes are written as in the trace.

/** A request with these lines, as a browser would send it; it does not end by itself. */
export const request = (...lines) => [...lines, ""].map(line => line + "\\r\\n").join("\n");
const get = (path, ...fields) => request(`GET ${path} HTTP/1.1`, "Host: aula", ...fields);
/** The steps of a client that makes these requests, one after the other. */
export const asks = (...requests) => requests.map((send, index) => ({ after: index ? 300 : 0, send }));

/** More bytes than a real system keeps for a client that does not read them. */
const LARGE = 16_000_000;

/** The gallery. `opens` is the number of the connection that is open at first, where it is not the first. */
export const LESSONS = [
  {
    id: "hello",
    title: ["A request and its response", "Una petición y su respuesta"],
    story: [
      "A client connects, writes four lines, and gets a file. Click the block on the board, then point at its bytes.",
      "Un cliente se conecta, escribe cuatro líneas y recibe un archivo. Pulsa el bloque de la pizarra y señala sus bytes.",
    ],
    question: [
      "How does the server know that the request is complete, and the client that the file is?",
      "¿Cómo sabe el servidor que la petición está completa? ¿Y el cliente, que lo está el archivo?",
    ],
    answer: [
      "By the empty line (two CRLFs in a row), and by Content-Length, which says how many bytes follow the head. Change Connection: close to keep-alive: the end of the connection is not needed for either.",
      "Por la línea vacía (dos CRLF seguidos), y por Content-Length, que dice cuántos bytes siguen a la cabecera. Cambia Connection: close por keep-alive: el fin de la conexión no hace falta para ninguna de las dos cosas.",
    ],
    clients: [{ at: 0, steps: asks(get("/hello.html", "User-Agent: lesson", "Connection: close")) }],
  },
  {
    id: "segments",
    title: ["A request in two segments", "Una petición en dos segmentos"],
    story: [
      "TCP carries a stream of bytes, not messages: here the request line is cut in the middle, and the rest comes 400 ms later.",
      "TCP lleva un flujo de bytes, no mensajes: aquí la línea de petición llega cortada, y el resto 400 ms después.",
    ],
    question: [
      "What would a server do that calls read once and believes it has the request?",
      "¿Qué haría un servidor que llama una vez a read y cree que ya tiene la petición?",
    ],
    answer: [
      "It would look for the file /hel and respond with 404, or fail. A server has to read until the empty line, however many reads that takes. Cut the request elsewhere: between \\r and \\n, say.",
      "Buscaría el archivo /hel y respondería 404, o fallaría. Hay que leer hasta la línea vacía, con las lecturas que hagan falta. Corta la petición por otro sitio: entre \\r y \\n, por ejemplo.",
    ],
    clients: [{
      at: 0,
      steps: [
        { after: 0, send: "GET /hel" },
        { after: 400, send: "lo.html HTTP/1.1\\r\\n\nHost: aula\\r\\n\nConnection: close\\r\\n\n\\r\\n" },
      ],
    }],
  },
  {
    id: "fault",
    title: ["One space too many", "Un espacio de más"],
    story: [
      "There is a space between Host and its colon. The server refuses the request, and shows where.",
      "Hay un espacio entre Host y los dos puntos. El servidor rechaza la petición, y señala dónde.",
    ],
    question: [
      "Why does it not simply ignore the space?",
      "¿Por qué no se limita a ignorar el espacio?",
    ],
    answer: [
      "Because two programs might read it differently. If a proxy took “Host ” for an unknown field and the server took it for Host, an attacker could show each of them a different request (RFC 9112 section 5.1).",
      "Porque dos programas podrían leerlo de forma distinta. Si un proxy tomara «Host » por un campo desconocido y el servidor por Host, un atacante podría mostrar a cada uno una petición distinta (RFC 9112 sección 5.1).",
    ],
    clients: [{ at: 0, steps: asks(request("GET /hello.html HTTP/1.1", "Host : aula", "Accept: text/html")) }],
  },
  {
    id: "keep-alive",
    title: ["One connection, or one for each file", "Una conexión, o una por archivo"],
    story: [
      "Client 1 asks for three files on one connection. Clients 2 to 4 open one for each, as HTTP/1.0 did.",
      "El cliente 1 pide tres archivos por una conexión. Los clientes 2 a 4 abren una para cada uno, como hacía HTTP/1.0.",
    ],
    question: [
      "What does each way cost, if a handshake takes one round trip?",
      "¿Qué cuesta cada manera, si abrir una conexión es una ida y vuelta?",
    ],
    answer: [
      "Three files on one connection: 1 + 3 round trips. On three connections one after the other: 3 × (1 + 1). The persistent one also keeps a connection slot in the server while it is idle, until the client leaves or --idle-timeout ends it.",
      "Tres archivos por una conexión: 1 + 3 idas y vueltas. Por tres conexiones seguidas: 3 × (1 + 1). La persistente, además, ocupa un lugar en el servidor mientras está inactiva, hasta que el cliente se va o la cierra --idle-timeout.",
    ],
    clients: [
      { at: 0, steps: [...asks(get("/hello.html"), get("/style.css"), get("/favicon.svg")), { after: 300, end: true }] },
      { at: 100, steps: asks(request("GET /hello.html HTTP/1.0")) },
      { at: 400, steps: asks(request("GET /style.css HTTP/1.0")) },
      { at: 700, steps: asks(request("GET /favicon.svg HTTP/1.0")) },
    ],
  },
  {
    id: "serial",
    opens: 2,
    title: ["One exchange at a time", "Un intercambio cada vez"],
    story: [
      "With --serial, one exchange is served at a time. Client 1 takes a large file slowly; client 2 wants a tiny one, and client 3 too.",
      "Con --serial se atiende un intercambio cada vez. El cliente 1 recibe despacio un archivo grande; los clientes 2 y 3 quieren uno muy pequeño.",
    ],
    question: [
      "How long does client 2 wait? Delete --serial: and now?",
      "¿Cuánto espera el cliente 2? Borra --serial: ¿y ahora?",
    ],
    answer: [
      "Until all of the large file is handed over: nearly two seconds, for 267 bytes. Without --serial it gets its response at once: the server writes to one client while it waits for the other, in a single thread.",
      "Hasta que se entrega todo el archivo grande: casi dos segundos, por 267 bytes. Sin --serial se le responde al momento: el servidor escribe a un cliente mientras espera al otro, en un solo hilo.",
    ],
    options: "--serial",
    files: { "large.bin": LARGE },
    clients: [
      { at: 0, rate: 8000, steps: asks(get("/large.bin", "Connection: close")) },
      { at: 100, steps: asks(get("/hello.html", "Connection: close")) },
      { at: 200, steps: asks(get("/favicon.svg", "Connection: close")) },
    ],
  },
  {
    id: "eleventh",
    opens: 11,
    title: ["Ten clients, and the eleventh", "Diez clientes, y el undécimo"],
    story: [
      "The lab’s server takes ten clients at once. Ten are in the middle of their requests when the eleventh connects.",
      "El servidor de la práctica admite diez clientes a la vez. Diez están a mitad de su petición cuando se conecta el undécimo.",
    ],
    question: [
      "Where is the eleventh while it waits, and does it know?",
      "¿Dónde está el undécimo mientras espera, y lo sabe él?",
    ],
    answer: [
      "In the operating system’s queue of connections (the backlog). Its handshake is done and its request is sent, so for it the connection is open; but no accept has taken it. Try --when-full reject instead: then it gets a 503.",
      "En la cola de conexiones del sistema operativo (el backlog). Su conexión ya está abierta y su petición enviada, pero ningún accept la ha recogido todavía. Prueba con --when-full reject: entonces recibe un 503.",
    ],
    options: "--preset lab01",
    clients: [
      ...Array.from({ length: 10 }, (_, index) => ({
        at: 0,
        steps: [{ after: 0, send: "GET /hello.html HTTP/1.1\\r\\n" }, { after: 700 + index * 150, send: "Host: aula\\r\\n\n\\r\\n" }],
      })),
      { at: 200, steps: asks(get("/hello.html")) },
    ],
  },
  {
    id: "http09",
    opens: 2,
    title: ["HTTP/0.9: one line, and the file", "HTTP/0.9: una línea, y el archivo"],
    story: [
      "In 1991 a request was two words, and the response was the file, with nothing before it. This is Lab01.",
      "En 1991 una petición eran dos palabras, y la respuesta, el archivo, sin nada delante. Esta es la práctica Lab01.",
    ],
    question: [
      "Client 2 asks for a file that does not exist. How can it tell?",
      "El cliente 2 pide un archivo que no existe. ¿Cómo puede saberlo?",
    ],
    answer: [
      "It cannot, except by reading the page: there is no status. Nor is there a length, so only the end of the connection says that the file is complete, and no type, so a browser must guess.",
      "No puede, salvo que lea la página: no hay código de estado. Tampoco hay longitud, así que solo el fin de la conexión dice que el archivo está completo; ni tipo, así que el navegador tiene que adivinarlo.",
    ],
    options: "--preset lab01",
    clients: [
      { at: 0, steps: asks("GET /text/text.htm\\r\\n") },
      { at: 500, steps: asks("GET /missing.html\\r\\n") },
    ],
  },
  {
    id: "range",
    title: ["Only a part of a file", "Solo una parte del archivo"],
    story: [
      "A video player that jumps to the middle asks for bytes, not for a time. Three requests on one connection.",
      "Un reproductor que salta a la mitad de una película pide bytes, no un minuto. Son tres peticiones por una conexión.",
    ],
    question: [
      "What does each of the three get, and why does the last one get a 416?",
      "¿Qué recibe cada una, y por qué la última recibe un 416?",
    ],
    answer: [
      "Bytes 0 to 9; the last ten; and nothing, since the file ends before byte 100000. Content-Range says which bytes they are, and in the 416 how many there would be.",
      "Los bytes 0 a 9; los diez últimos; y nada, porque el archivo acaba antes del byte 100000. Content-Range dice qué bytes son, y en el 416, cuántos habría.",
    ],
    clients: [{
      at: 0,
      steps: asks(get("/hello.html", "Range: bytes=0-9"), get("/hello.html", "Range: bytes=-10"),
        get("/hello.html", "Range: bytes=100000-", "Connection: close")),
    }],
  },
  {
    id: "validator",
    title: ["Has it changed since?", "¿Ha cambiado desde entonces?"],
    story: [
      "A browser that has a copy asks with If-Modified-Since. Try an earlier date than the file’s too.",
      "Un navegador que tiene una copia pregunta con If-Modified-Since. Prueba también con una fecha anterior a la del archivo.",
    ],
    question: [
      "How many bytes does the second response save, and which fields does it still have?",
      "¿Cuántos bytes ahorra la segunda respuesta, y qué campos conserva?",
    ],
    answer: [
      "All of the content: a 304 has none. Date, ETag and Last-Modified are there, so that the browser can bring its copy up to date.",
      "Todo el contenido: un 304 no lleva. Están Date, ETag y Last-Modified, para que el navegador ponga al día su copia.",
    ],
    clients: [{
      at: 0,
      steps: asks(get("/style.css"), get("/style.css", "If-Modified-Since: Thu, 01 Jan 2026 00:00:00 GMT", "Connection: close")),
    }],
  },
  {
    id: "slow-head",
    title: ["A head that never ends", "Una cabecera que no acaba"],
    story: [
      "The client sends a few bytes of its head every three seconds, and then nothing. Time here is virtual: ten seconds pass in an instant.",
      "El cliente envía unos pocos bytes de su cabecera cada tres segundos, y luego nada. El tiempo aquí es virtual: diez segundos pasan en un instante.",
    ],
    question: [
      "Why does a server need a limit, when a silent client costs it almost nothing?",
      "¿Por qué necesita un límite el servidor, si un cliente callado no le cuesta casi nada?",
    ],
    answer: [
      "Because connection slots are few: with --max-connections 10, ten such clients keep everybody else out (the attack is called Slowloris). Try --head-timeout 2.",
      "Porque los lugares son pocos: con --max-connections 10, diez clientes así dejan fuera a todos los demás (el ataque se llama Slowloris). Prueba con --head-timeout 2.",
    ],
    clients: [{
      at: 0,
      steps: [
        { after: 0, send: "GET /hello.html HTTP/1.1\\r\\n" },
        { after: 3000, send: "Host: au" },
        { after: 3000, send: "la\\r\\n" },
      ],
    }],
  },
  {
    id: "dots",
    title: ["Out of the folder?", "¿Fuera de la carpeta?"],
    story: [
      "There are four paths with dots, one of them disguised. Open each block and compare what was looked up.",
      "Hay cuatro rutas con puntos, una de ellas disfrazada. Abre cada bloque y compara qué se buscó.",
    ],
    question: [
      "Which of them reach the disk at all?",
      "¿Cuáles llegan siquiera a mirar el disco?",
    ],
    answer: [
      "Only the first: its dots lead back to a name inside. The others are refused before anything is looked up. And if the server had a bug there, the sandbox would still know no file outside the folder.",
      "Solo la primera: sus puntos llevan a un nombre de dentro. Las demás se rechazan antes de buscar nada. Y si ahí hubiera un error en el servidor, el entorno aislado seguiría sin conocer ningún archivo de fuera.",
    ],
    clients: [
      { at: 0, steps: asks(get("/text/../hello.html", "Connection: close")) },
      { at: 200, steps: asks(get("/../secret.txt", "Connection: close")) },
      { at: 400, steps: asks(get("/text/%2e%2e/%2e%2e/secret.txt", "Connection: close")) },
      { at: 600, steps: asks(get("/..%2fsecret.txt", "Connection: close")) },
    ],
  },
  {
    id: "smuggling",
    title: ["A smuggled request", "Una petición de contrabando"],
    story: [
      "Two fields say how long the content is, and they disagree. Between the lines a second request is hidden.",
      "Dos campos dicen cuánto mide el contenido, y no están de acuerdo. Entre líneas se esconde una segunda petición.",
    ],
    question: [
      "What would happen if a proxy believed Content-Length, and the server behind it Transfer-Encoding?",
      "¿Qué pasaría si un proxy creyera a Content-Length, y el servidor de detrás a Transfer-Encoding?",
    ],
    answer: [
      "The proxy would see one request, the server two: the second, /admin, would slip past the proxy’s rules, or be joined to the next client’s request. Hence 400, and the end of the connection (RFC 9112 section 6.1).",
      "El proxy vería una petición y el servidor dos: la segunda, /admin, se saltaría las reglas del proxy, o se pegaría a la petición del cliente siguiente. Por eso 400, y fin de la conexión (RFC 9112 sección 6.1).",
    ],
    clients: [{
      at: 0,
      steps: asks(request("POST /hello.html HTTP/1.1", "Host: aula", "Content-Length: 41", "Transfer-Encoding: chunked") +
        "\n0\\r\\n\n\\r\\n\nGET /admin HTTP/1.1\\r\\n\nHost: aula\\r\\n\n\\r\\n"),
    }],
  },
  {
    id: "pipeline",
    title: ["Without waiting for the response", "Sin esperar la respuesta"],
    story: [
      "Three requests in one packet. HTTP/1.1 allows it (pipelining); browsers gave it up.",
      "Tres peticiones en un solo paquete. HTTP/1.1 lo permite (pipelining); los navegadores lo abandonaron.",
    ],
    question: [
      "In which order do the responses come, and what if the first one is slow?",
      "¿En qué orden llegan las respuestas, y qué pasa si la primera es lenta?",
    ],
    answer: [
      "In the order of the requests, always: nothing in a response says which request it belongs to. So a slow one holds up the rest (head-of-line blocking), which HTTP/2 was made to avoid.",
      "En el orden de las peticiones, siempre: nada en una respuesta dice a qué petición pertenece. Así que una lenta detiene a las demás (bloqueo de cabeza de línea), y para evitarlo se hizo HTTP/2.",
    ],
    clients: [{
      at: 0,
      steps: [{ after: 0, send: `${get("/hello.html")}\n${get("/missing.html")}\n${get("/favicon.svg", "Connection: close")}` }],
    }],
  },
  {
    id: "deaf",
    opens: 1,
    title: ["A client that stops reading", "Un cliente que deja de leer"],
    story: [
      "It asks for a large file, takes a little of it and stops reading. The buffers of both systems fill up.",
      "Pide un archivo grande, recibe un poco y deja de leer. Los búferes de los dos sistemas se llenan.",
    ],
    question: [
      "What stops the server from writing on, and what ends the wait?",
      "¿Qué impide al servidor seguir escribiendo, y qué pone fin a la espera?",
    ],
    answer: [
      "TCP’s flow control: the receiver’s window is full, so there is no room to write. The server serves others meanwhile, and after --write-timeout it stops waiting and closes the connection.",
      "El control de flujo de TCP: la ventana del receptor está llena y no hay sitio para escribir. Mientras tanto el servidor atiende a otros, y cuando pasa --write-timeout deja de esperar y cierra la conexión.",
    ],
    files: { "large.bin": LARGE },
    clients: [
      { at: 0, rate: 8000, steps: [{ after: 0, send: get("/large.bin") }, { after: 400, stop: true }] },
      { at: 600, steps: asks(get("/hello.html", "Connection: close")) },
    ],
  },
];
