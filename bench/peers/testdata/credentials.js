// Google's own Node client with credentials: credentials.js ADDRESS TRANSPORT KIND FILE APIKEY CLIENT,
// where CLIENT is the folder that the client is installed in.
const assert = require('node:assert');
const path = require('node:path');
const {createRequire} = require('node:module');

const [address, transport, kind, keyFilename, apiKey, client] = process.argv.slice(2);
const {TextToSpeechClient, TextToSpeechLongAudioSynthesizeClient} = createRequire(path.join(client, 'package.json'))('@google-cloud/text-to-speech').v1;

const [apiEndpoint, port] = address.split(':');
const options = {apiEndpoint, port: Number(port), fallback: transport === 'rest', ...(kind === 'file' ? {keyFilename} : {apiKey})};
const voice = {languageCode: 'en-US'};
const audioConfig = {audioEncoding: 'LINEAR16'};

async function main() {
  const speech = new TextToSpeechClient(options);
  const longAudio = new TextToSpeechLongAudioSynthesizeClient(options);
  const [{voices}] = await speech.listVoices({languageCode: 'en-US'});
  assert(voices.length > 1);
  const [{audioContent}] = await speech.synthesizeSpeech({input: {text: 'Hello, world.'}, voice, audioConfig});
  assert.equal(Buffer.from(audioContent).subarray(0, 4).toString(), 'RIFF');
  const start = project => longAudio.synthesizeLongAudio({
    parent: `projects/${project}/locations/global`, voice, audioConfig,
    input: {text: 'It was the best of times. '.repeat(12000)}, outputGcsUri: `gs://books/node-${transport}-${kind}.wav`,
  });
  const [operation] = await start('p1');
  if (transport === 'grpc') { // over REST the client has no rule for the name's form
    await longAudio.operationsClient.cancelOperation({name: operation.name});
    const [now] = await longAudio.operationsClient.getOperation({name: operation.name});
    assert.equal(now.error.code, 1);
  }
  await assert.rejects(start('p2'), refused => /'texttospeech.operations.create' denied/.test(refused.message));
  await Promise.all([speech.close(), longAudio.close()]);
}

main().catch(failed => {
  console.error(failed);
  process.exit(1);
});
