/** A process that listens on the socket it is given, until it is killed. */
import { createServer } from 'node:net';

createServer().listen(process.argv[2], () => console.log('listening'));
