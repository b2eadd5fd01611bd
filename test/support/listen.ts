/** A process that listens on the given socket until it is killed. */
import { createServer } from 'node:net';

createServer().listen(process.argv[2], () => console.log('listening'));
