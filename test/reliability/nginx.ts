import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { holdsWithin } from './load.ts';
import { RunningProcess } from './process.ts';

const ANSWERS_WITHIN_MS = 10_000;

/** nginx in front of replicas, configured for streaming. */
export interface Nginx {
  readonly url: string;
  remove(): Promise<void>;
}

export async function startNginx(ports: readonly number[]): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-nginx-'));
  await mkdir(join(folder, 'tmp'));
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/tmp/${name};`,
  );
  await writeFile(
    join(folder, 'nginx.conf'),
    `
daemon off; master_process off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
  access_log off; ${temporary.join(' ')}
  upstream gateway {
    ${ports.map((each) => `server 127.0.0.1:${each} max_fails=1 fail_timeout=1s;`).join('\n    ')}
    keepalive 16;
  }
  map $http_upgrade $connection_header { default upgrade; '' ''; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://gateway;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_header;
      proxy_buffering off;
      proxy_read_timeout 1h;
      # One that has not taken the request is passed over; what was taken is for the client to ask again.
      proxy_next_upstream error timeout;
    }
  }
}
`,
  );
  const nginx = new RunningProcess(['nginx', '-p', folder, '-c', join(folder, 'nginx.conf')]);
  const url = `http://127.0.0.1:${port}`;
  const answers = () =>
    fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  // Rejects if nginx is not installed (apt-get install nginx-light).
  const ended = nginx.ended.then(({ stderr }) => {
    throw new Error(`nginx has ended: ${stderr}`);
  });
  ended.catch(() => {});
  if (!(await Promise.race([ended, holdsWithin(ANSWERS_WITHIN_MS, answers)])))
    throw new Error('nginx does not answer.');
  return {
    url,
    async remove() {
      await nginx.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
