// `lectern run` has Node load this before a program. Google's client makes agents of
// its own for REST, which heed no variable, so what they connect to by Google's names
// goes by HTTPS_PROXY here. Agents that go by a proxy already are left alone.
'use strict';
const proxy = process.env.HTTPS_PROXY && new URL(process.env.HTTPS_PROXY);

if (proxy) {
  const http = require('node:http');
  const https = require('node:https');
  const direct = https.Agent.prototype.createConnection;

  https.Agent.prototype.createConnection = function (options, done) {
    const host = options.host || '';
    if (options.socket || this.options.proxyEnv || !host.endsWith('.googleapis.com')) {
      return direct.apply(this, arguments);
    }
    const asked = http.request({
      host: proxy.hostname, port: proxy.port, method: 'CONNECT', path: `${host}:${options.port || 443}`, agent: false,
    });
    asked.once('error', done);
    asked.once('connect', (answer, socket) => {
      if (answer.statusCode === 200) {
        done(null, direct.call(this, {...options, socket}));
        return;
      }
      socket.destroy();
      done(new Error(`the proxy refuses ${host}: ${answer.statusCode} ${answer.statusMessage}`));
    });
    asked.end();
  };
}
