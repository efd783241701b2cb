// Google's Storage client for Node against a server, which STORAGE_EMULATOR_HOST names:
// storage.js CLIENT, the directory where the client is installed.
'use strict';

const assert = require('node:assert');
const crypto = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const {pipeline} = require('node:stream/promises');
const {createRequire} = require('node:module');

const {Storage} = createRequire(path.join(process.argv[2], 'package.json'))('@google-cloud/storage');

async function main() {
  assert(process.env.STORAGE_EMULATOR_HOST);
  const storage = new Storage({projectId: 'project'});
  const bucket = storage.bucket('node-books');
  assert.deepStrictEqual(await bucket.exists(), [false]);
  await bucket.create();
  assert.deepStrictEqual(await bucket.exists(), [true]);
  await assert.rejects(bucket.create(), {code: 409});
  const [buckets] = await storage.getBuckets();
  assert(buckets.some(b => b.name === 'node-books'));

  const small = crypto.randomBytes(10_000);
  const large = crypto.randomBytes(9 << 20); // more than is reckoned before it is sent
  for (const [name, content] of [['a/Été 1+1.wav', small], ['large.mp3', large], ['empty', Buffer.alloc(0)]]) {
    for (const resumable of [false, true]) {
      const file = bucket.file(name);
      await file.save(content, {resumable, contentType: 'audio/wav'}); // which compares the sums
      const [metadata] = await file.getMetadata();
      assert.strictEqual(Number(metadata.size), content.length);
      const [got] = await bucket.file(name).download();
      assert(got.equals(content), `${name}: ${got.length} bytes of ${content.length}`);
    }
  }
  const [range] = await bucket.file('large.mp3').download({start: 100, end: 199});
  assert(range.equals(large.subarray(100, 200)));
  await assert.rejects(bucket.file('nosuch').download(), {code: 404});
  assert.deepStrictEqual(await bucket.file('nosuch').exists(), [false]);
  assert.deepStrictEqual(await bucket.file('empty').exists(), [true]);

  const at = fs.mkdtempSync(path.join(os.tmpdir(), 'storage-'));
  try {
    const local = path.join(at, 'large');
    await bucket.file('large.mp3').download({destination: local});
    assert(fs.readFileSync(local).equals(large));
    await bucket.upload(local, {destination: 'again.mp3'});
    await pipeline(fs.createReadStream(local), bucket.file('chunks.mp3').createWriteStream({resumable: true, chunkSize: 1 << 20}));
    for (const name of ['again.mp3', 'chunks.mp3']) {
      const [got] = await bucket.file(name).download();
      assert(got.equals(large), name);
    }
  } finally {
    fs.rmSync(at, {recursive: true});
  }

  const [files] = await bucket.getFiles({maxResults: 2});
  assert.deepStrictEqual(files.map(f => f.name), ['a/Été 1+1.wav', 'again.mp3', 'chunks.mp3', 'empty', 'large.mp3'].slice(0, files.length));
  const [all] = await bucket.getFiles();
  assert.deepStrictEqual(all.map(f => f.name), ['a/Été 1+1.wav', 'again.mp3', 'chunks.mp3', 'empty', 'large.mp3']);
  const [, , folders] = await bucket.getFiles({delimiter: '/', autoPaginate: false});
  assert.deepStrictEqual(folders.prefixes, ['a/']);
  await assert.rejects(bucket.file('empty').save('x', {resumable: false, preconditionOpts: {ifGenerationMatch: 0}}), {code: 412});
  await assert.rejects(bucket.delete(), {code: 409});
  await bucket.file('empty').delete();
  await assert.rejects(bucket.file('empty').delete(), {code: 404});
  await bucket.deleteFiles();
  await bucket.delete();
}

main().catch(err => {
  console.error(err);
  process.exit(1);
});
