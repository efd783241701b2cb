// Google's own Node client against a server: client.js ADDRESS TRANSPORT VERSION DATA CLIENT,
// where CLIENT is the folder that the client is installed in.
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const {createRequire} = require('node:module');

const [address, transport, version, data, client] = process.argv.slice(2);
const installed = createRequire(path.join(client, 'package.json'));
const tts = installed('@google-cloud/text-to-speech')[version];
const grpc = installed('@grpc/grpc-js');
const {PassThroughClient} = installed('google-auth-library');

const [host, port] = address.split(':');
const at = {apiEndpoint: host, port: Number(port), projectId: 'p3'};
const options = transport === 'grpc'
  ? {...at, sslCreds: grpc.credentials.createInsecure()}
  : {...at, fallback: true, protocol: 'http', authClient: new PassThroughClient()};

const isWhole = sound => sound.subarray(0, 4).toString() === 'RIFF' && sound.readUInt32LE(40) + 44 === sound.length;
const voice = {languageCode: 'en-US', name: 'en-US-Flite-Kal16'};
const audioConfig = {audioEncoding: 'LINEAR16'};

// Google's streaming sample: a configuration, then fragments cut inside of sentences.
// What is heard is what the whole text sounds like.
async function streams(speech) {
  const fragments = ['Hello there. ', 'How are you ', 'today? It\'s ', 'such nice weather outside.'];
  const stream = await speech.streamingSynthesize();
  const heard = [];
  const ended = new Promise((resolve, reject) => {
    stream.on('data', reply => heard.push(Buffer.from(reply.audioContent)));
    stream.on('error', reject);
    stream.on('end', resolve);
  });
  stream.write({streamingConfig: {voice: {languageCode: 'en-US', name: 'en-US-Chirp3-HD-Charon'}}});
  for (const text of fragments) stream.write({input: {text}});
  stream.end();
  await ended;
  const [{audioContent}] = await speech.synthesizeSpeech({input: {text: fragments.join('')},
    voice: {languageCode: 'en-US', name: 'en-US-Chirp3-HD-Charon'}, audioConfig: {audioEncoding: 'PCM', sampleRateHertz: 24000}});
  assert(heard.length > 10 && Buffer.concat(heard).equals(Buffer.from(audioContent)), 'the stream says something else');

  const early = await speech.streamingSynthesize();
  const refused = new Promise((resolve, reject) => early.on('error', resolve).on('end', reject).on('data', reject));
  early.write({input: {text: 'Too early.'}});
  early.end();
  assert(/streaming_config/.test((await refused).message));
}

async function main() {
  const speech = new tts.TextToSpeechClient(options);
  const [{voices}] = await speech.listVoices({languageCode: 'en-US'});
  assert(voices.some(v => v.name === 'en-US-Flite-Slt'));
  const [reply] = await speech.synthesizeSpeech({input: {text: 'Hello, world.'}, voice, audioConfig});
  assert(isWhole(Buffer.from(reply.audioContent)));
  await assert.rejects(speech.synthesizeSpeech({input: {text: 'Hello'}, voice, audioConfig: {...audioConfig, speakingRate: 9}}),
    e => /speaking_rate/.test(e.message) && /0.25 to 2/.test(e.message));
  if (transport === 'grpc') await streams(speech);

  const long = new tts.TextToSpeechLongAudioSynthesizeClient(options);
  const bucket = `node-${transport}-${version}`;
  const start = async (text, name) => (await long.synthesizeLongAudio({
    parent: 'projects/p3/locations/us-central1', input: {text}, voice, audioConfig, outputGcsUri: `gs://${bucket}/${name}.wav`}))[0];
  const object = name => path.join(data, 'buckets', bucket, name + '.wav');

  const whole = await start('A short story. The end.', 'whole');
  const [, metadata] = await whole.promise();
  assert.strictEqual(metadata.progressPercentage, 100);
  assert(isWhole(fs.readFileSync(object('whole'))));

  const running = await start('It was the best of times, it was the worst of times. '.repeat(6000), 'cancelled');
  if (transport === 'grpc') {
    await running.cancel();
  } else { // only the short name passes this client's own check
    await long.operationsClient.cancelOperation({name: 'operations/' + running.name.split('/').pop()});
  }
  await assert.rejects(running.promise(), e => e.code === 1 && /Operation was cancelled\./.test(e.message));
  assert(!fs.existsSync(object('cancelled')));
  await Promise.all([speech.close(), long.close()]);
}

main().catch(e => {
  console.error(e);
  process.exit(1);
});
