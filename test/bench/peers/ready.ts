/** Prints the address of the server, as every server of the benchmark does. */
export const ready = (port: number) => console.log(`ready at http://127.0.0.1:${port}`);
