// A program for Google's service, which names no endpoint: unchanged.js CLIENT TRANSPORT,
// where CLIENT is the folder that the client is installed in. With one, unchanged.js
// CLIENT TRANSPORT HOST:PORT, it brings no credentials.
const assert = require('node:assert');
const path = require('node:path');
const {createRequire} = require('node:module');

const [client, transport, address] = process.argv.slice(2);
const installed = createRequire(path.join(client, 'package.json'));
const tts = installed('@google-cloud/text-to-speech');
const options = transport === 'rest' ? {fallback: true} : {};
if (address) {
  const {PassThroughClient} = installed('google-auth-library');
  const [apiEndpoint, port] = address.split(':');
  Object.assign(options, {apiEndpoint, port: Number(port), projectId: 'p1', authClient: new PassThroughClient()});
}
const voice = {languageCode: 'en-US', name: 'en-US-Flite-Kal16'};
const audioConfig = {audioEncoding: 'LINEAR16'};

async function main() {
  const speech = new tts.TextToSpeechClient(options);
  const [{voices}] = await speech.listVoices({languageCode: 'en-US'});
  assert(voices.length > 0);
  const [reply] = await speech.synthesizeSpeech({input: {text: 'Hello, world.'}, voice, audioConfig});
  assert.strictEqual(Buffer.from(reply.audioContent).subarray(0, 4).toString(), 'RIFF');
  if (transport === 'grpc') {
    const stream = speech.streamingSynthesize();
    let heard = 0;
    const ended = new Promise((resolve, reject) => stream.on('data', d => { heard += d.audioContent.length; }).on('end', resolve).on('error', reject));
    stream.write({streamingConfig: {voice}});
    for (const text of ['Hello there. ', 'How are you ', 'today?']) stream.write({input: {text}});
    stream.end();
    await ended;
    assert(heard > 10000, `${heard} bytes were heard`);
  }
  const long = new tts.TextToSpeechLongAudioSynthesizeClient(options);
  const start = async (text, name) => (await long.synthesizeLongAudio({
    parent: 'projects/p1/locations/global', input: {text}, voice, audioConfig, outputGcsUri: `gs://unchanged/node-${transport}-${name}.wav`}))[0];
  await (await start('A short story. The end.', 'whole')).promise();
  const running = await start('It was the best of times, it was the worst of times. '.repeat(6000), 'cancelled');
  if (transport === 'grpc') {
    await running.cancel();
  } else { // only the short name passes this client's own check
    await long.operationsClient.cancelOperation({name: 'operations/' + running.name.split('/').pop()});
  }
  await assert.rejects(running.promise(), e => e.code === 1);
  await Promise.all([speech.close(), long.close()]);
  console.log('spoken', transport);
}

main().catch(e => {
  console.error(e);
  process.exit(1);
});
