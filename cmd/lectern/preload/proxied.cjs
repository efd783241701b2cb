// Lectern's `run` has Node load this before a program: so that https requests that
// name no agent go by HTTPS_PROXY, as those of newer versions of Node do by
// themselves (NODE_USE_ENV_PROXY).
'use strict';
const [major, minor] = process.versions.node.split('.').map(Number);
const byItself = major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);
const proxy = process.env.HTTPS_PROXY && new URL(process.env.HTTPS_PROXY);

if (proxy && !byItself) {
  const http = require('node:http');
  const https = require('node:https');

  class Through extends https.Agent {
    createConnection(options, done) {
      const host = options.host || 'localhost';
      if (options.socketPath || /^(localhost|127\..*|::1)$/.test(host)) return super.createConnection(options, done);
      const asked = http.request({
        host: proxy.hostname, port: proxy.port, method: 'CONNECT', path: `${host}:${options.port || 443}`, agent: false,
      });
      asked.once('error', done);
      asked.once('connect', (answer, socket) => {
        if (answer.statusCode !== 200) {
          socket.destroy();
          done(new Error(`the proxy refuses ${host}: ${answer.statusCode} ${answer.statusMessage}`));
          return;
        }
        done(null, super.createConnection({...options, socket}));
      });
      asked.end();
    }
  }
  https.globalAgent = new Through(https.globalAgent.options);
}
