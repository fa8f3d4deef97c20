// The official Node SDK against the built-in provider. BASE_URL is the gateway's.

import assert from 'node:assert/strict';
import {test} from 'node:test';

import OpenAI, {toFile} from 'openai';

import {textOf} from './text_of.mjs';

const client = new OpenAI({baseURL: process.env.BASE_URL, apiKey: 'any', maxRetries: 0});
const model = 'gpt-4o';
const messages = [{role: 'user', content: 'Say hello'}];
const tools = [{type: 'function', function: {name: 'weather', parameters: {type: 'object'}}}];

test('chat', async () => {
  const answer = await client.chat.completions.create({model, messages});
  assert.equal(answer.object, 'chat.completion');
  assert.ok(answer.choices[0].message.content);
  assert.ok(answer.usage.total_tokens > 0);
});

test('chat, streamed', async () => {
  const stream = await client.chat.completions.create({model, messages, stream: true});
  assert.ok(await textOf(stream));
});

test('chat, streamed with usage', async () => {
  const stream = await client.chat.completions.create(
      {model, messages, stream: true, stream_options: {include_usage: true}});
  let last;
  for await (const chunk of stream) {
    last = chunk;
  }
  assert.ok(last.usage.total_tokens > 0);
});

test('chat by the stream helper', async () => {
  const stream = client.chat.completions.stream({model, messages});
  const answer = await stream.finalChatCompletion();
  assert.ok(answer.choices[0].message.content);
});

test('tool call', async () => {
  const answer = await client.chat.completions.create(
      {model, messages, tools, tool_choice: 'required'});
  const [call] = answer.choices[0].message.tool_calls;
  assert.equal(call.function.name, 'weather');
  JSON.parse(call.function.arguments);
});

test('embeddings', async () => {
  const answer = await client.embeddings.create({model: 'e', input: ['one', 'two']});
  assert.equal(answer.data.length, 2);
  assert.equal(typeof answer.data[0].embedding[0], 'number');
});

test('responses', async () => {
  const answer = await client.responses.create({model, input: 'Say hello'});
  assert.equal(answer.status, 'completed');
  assert.ok(answer.output_text);
});

test('responses, streamed', async () => {
  const kinds = [];
  for await (const event of await client.responses.create({model, input: 'x', stream: true})) {
    kinds.push(event.type);
  }
  assert.equal(kinds[0], 'response.created');
  assert.equal(kinds.at(-1), 'response.completed');
});

test('transcription of an uploaded file', async () => {
  const file = await toFile(Buffer.alloc(1000), 'a.mp3');
  const answer = await client.audio.transcriptions.create({model: 'whisper-1', file});
  assert.ok(answer.text);
});

test('speech is binary', async () => {
  const answer = await client.audio.speech.create({model: 'tts-1', voice: 'alloy', input: 'hello'});
  assert.ok((await answer.arrayBuffer()).byteLength > 0);
});

test('models', async () => {
  const listed = [];
  for await (const entry of client.models.list()) {
    listed.push(entry.id);
  }
  assert.ok(listed.includes(model));
  assert.equal((await client.models.retrieve(model)).id, model);
});

test('raw response has our headers', async () => {
  const {response} = await client.chat.completions.create({model, messages}).withResponse();
  assert.equal(response.headers.get('x-butter-provider'), 'mock');
  assert.ok(response.headers.get('x-request-id'));
});

test('missing model is a bad request', async () => {
  await assert.rejects(client.chat.completions.create({model: '', messages}), (error) => {
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.match(error.message, /missing required field: model/);
    return true;
  });
});
