// Google's Node client, each method by each door: driver.js DOORS CLIENT, where CLIENT is
// the folder that the client is installed in. DOORS is a JSON file; what is printed is read
// by compatibility_test.go.
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const {createRequire} = require('node:module');

const work = JSON.parse(fs.readFileSync(process.argv[2]));
const installed = createRequire(path.join(process.argv[3], 'package.json'));
const long = 'It was the best of times, it was the worst of times. '.repeat(6000);
const voice = {languageCode: 'en-US', name: 'en-US-Flite-Kal16'};
const audioConfig = {audioEncoding: 'LINEAR16'};

class Absent extends Error {} // the client has no such method

// The options that a client is made with for this door.
function options(door, transport) {
  const [apiEndpoint, port] = door.address.split(':');
  const at = {apiEndpoint, port: Number(port), projectId: work.project, fallback: transport === 'rest'};
  if (!door.tls && transport === 'rest') at.protocol = 'http';
  if (!door.tls && transport === 'grpc') at.sslCreds = installed('@grpc/grpc-js').credentials.createInsecure();
  switch (door.credential) {
    case 'service account': return {...at, keyFilename: door.file};
    case 'API key': return {...at, apiKey: door.key};
  }
  if (transport === 'rest') return {...at, authClient: new (installed('google-auth-library').PassThroughClient)()};
  const grpc = installed('@grpc/grpc-js').credentials;
  return {...at, sslCreds: door.tls ? grpc.createSsl(fs.readFileSync(process.env.GRPC_DEFAULT_SSL_ROOTS_FILE_PATH)) : grpc.createInsecure()};
}

// One client, whose methods are tried in the order of METHODS.
class Caller {
  constructor(transport, version, door) {
    const tts = installed('@google-cloud/text-to-speech')[version];
    this.transport = transport;
    this.parent = `projects/${work.project}/locations/global`;
    this.speech = new tts.TextToSpeechClient(options(door, transport));
    this.longAudio = new tts.TextToSpeechLongAudioSynthesizeClient(options(door, transport));
    this.object = `${work.objects}/${transport}-${version}-${door.name.replaceAll(' ', '-')}`;
  }

  async start(text, name) {
    const [operation] = await this.longAudio.synthesizeLongAudio({
      parent: this.parent, input: {text}, voice, audioConfig, outputGcsUri: `${this.object}-${name}.wav`});
    return operation;
  }

  async ListVoices() {
    const [{voices}] = await this.speech.listVoices({languageCode: 'en-US'});
    assert(voices.some(v => v.name === voice.name));
  }

  async SynthesizeSpeech() {
    const [{audioContent}] = await this.speech.synthesizeSpeech({input: {text: 'Hello.'}, voice, audioConfig});
    assert.equal(Buffer.from(audioContent).subarray(0, 4).toString(), 'RIFF');
  }

  async StreamingSynthesize() {
    const stream = await Promise.resolve().then(() => this.speech.streamingSynthesize()).catch(e => {
      throw /REST transport currently does not support/.test(e.message) ? new Absent() : e;
    });
    let bytes = 0;
    const ended = new Promise((resolve, reject) => stream.on('data', r => bytes += r.audioContent.length).on('error', reject).on('end', resolve));
    stream.write({streamingConfig: {voice}});
    stream.write({input: {text: 'Hello there.'}});
    stream.end();
    await ended;
    assert(bytes > 10000);
  }

  async SynthesizeLongAudio() {
    this.whole = await this.start('A short story. The end.', 'whole');
    const [, metadata] = await this.whole.promise();
    assert.equal(metadata.progressPercentage, 100);
  }

  async GetOperation() {
    const [now] = await this.longAudio.operationsClient.getOperation({name: this.whole.name});
    assert(now.done);
  }

  async WaitOperation() {
    if (!this.longAudio.operationsClient.waitOperation) throw new Absent();
    const [now] = await this.longAudio.operationsClient.waitOperation({name: this.whole.name});
    assert(now.done);
  }

  async ListOperations() {
    const [listed] = await this.longAudio.operationsClient.listOperations({name: this.parent, filter: 'done=true'});
    assert(listed.some(o => o.name === this.whole.name));
  }

  async CancelOperation() {
    const running = await this.start(long, 'cancelled');
    await this.longAudio.operationsClient.cancelOperation({name: this.transport === 'rest' ? short(running.name) : running.name});
    const [now] = await this.longAudio.operationsClient.getOperation({name: running.name});
    assert.equal(now.error.code, 1);
  }

  async DeleteOperation() {
    await this.longAudio.operationsClient.deleteOperation({name: this.transport === 'rest' ? short(this.whole.name) : this.whole.name});
    await assert.rejects(this.longAudio.operationsClient.getOperation({name: this.whole.name}), e => e.code === 5 || e.code === 404);
  }
}

// Over REST the client itself lets only this form pass to what changes an operation.
const short = name => 'operations/' + name.split('/').pop();

const METHODS = ['ListVoices', 'SynthesizeSpeech', 'StreamingSynthesize', 'SynthesizeLongAudio', 'GetOperation',
  'WaitOperation', 'ListOperations', 'CancelOperation', 'DeleteOperation'];

async function outcome(caller, method) {
  try {
    await caller[method]();
    return 'yes';
  } catch (e) {
    return e instanceof Absent ? 'absent' : `no: ${String(e).replace(/\s+/g, ' ')}`;
  }
}

async function main() {
  const manifest = path.join(process.argv[3], 'node_modules', '@google-cloud', 'text-to-speech', 'package.json');
  console.log(`client\t${JSON.parse(fs.readFileSync(manifest)).version}`);
  for (const door of work.doors) {
    for (const transport of ['grpc', 'rest']) {
      for (const version of ['v1', 'v1beta1']) {
        const caller = new Caller(transport, version, door);
        for (const method of METHODS) console.log([transport, version, door.name, method, await outcome(caller, method)].join('\t'));
      }
    }
  }
}

main().then(() => process.exit(0), failed => {
  console.error(failed);
  process.exit(1);
});
