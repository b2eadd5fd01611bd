/** Says where it listens, as every server of the bench does. */
export const ready = (port: number) => console.log(`ready at http://127.0.0.1:${port}`);
