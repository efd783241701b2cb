// OpenAI's own Node client against a server: openai_client.js ADDRESS CLIENT.
const assert = require('assert');
const [address, installed] = process.argv.slice(2);
const OpenAI = require(installed + '/node_modules/openai');

async function main() {
  const client = new OpenAI({baseURL: `http://${address}/v1`, apiKey: 'anything', maxRetries: 0});
  assert((await client.models.list()).data.some(m => m.id === 'tts-1'));

  const speech = {model: 'gpt-4o-mini-tts', voice: 'coral', input: 'Hello, world.'};
  const mp3 = Buffer.from(await (await client.audio.speech.create(speech)).arrayBuffer());
  assert(mp3[0] === 0xff && mp3.length > 2000, 'mp3');

  const answer = await client.audio.speech.create({...speech, response_format: 'pcm'});
  let bytes = 0;
  for await (const chunk of answer.body) bytes += chunk.length;
  assert(bytes > 24000, 'pcm');

  await assert.rejects(client.audio.speech.create({...speech, voice: 'nobody'}),
    e => e instanceof OpenAI.BadRequestError && e.param === 'voice');
}

main().catch(e => { console.error(e); process.exit(1); });
