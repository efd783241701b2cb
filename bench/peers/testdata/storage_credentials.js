// Google's Storage client for Node with a service account:
// storage_credentials.js CLIENT ADDRESS FILE, CLIENT the directory where it is installed.
//
// By itself the client has its signature exchanged at www.googleapis.com, wherever the
// file says; so it is told to sign tokens for its scopes itself, as Google's other
// clients for Node do. Resumable uploads it sends without credentials to every server but
// Google's.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const {createRequire} = require('node:module');

const [client, address, file] = process.argv.slice(2);
const installed = createRequire(path.join(client, 'package.json'));
const {Storage} = installed('@google-cloud/storage');
const {auth} = installed('google-auth-library');

async function main() {
  const authClient = auth.fromJSON(JSON.parse(fs.readFileSync(file)));
  authClient.scopes = ['https://www.googleapis.com/auth/devstorage.read_write'];
  authClient.useJWTAccessWithScope = true;
  const options = {projectId: 'p1', authClient, apiEndpoint: `http://${address}`, useAuthWithCustomEndpoint: true};
  const bucket = new Storage(options).bucket('node-guarded');
  await bucket.create();
  await bucket.file('a.wav').save('sound', {resumable: false});
  const [sound] = await bucket.file('a.wav').download();
  assert.strictEqual(sound.toString(), 'sound');
  await bucket.deleteFiles();
  await bucket.delete();
  await assert.rejects(new Storage({...options, useAuthWithCustomEndpoint: false}).bucket('node-guarded').create(), {code: 401});
}

main().catch(err => {
  console.error(err);
  process.exit(1);
});
