// The official Node SDK through the gateway to a fake upstream, which does what the model's name
// says. BASE_URL is the gateway's.

import assert from 'node:assert/strict';
import {test} from 'node:test';

import OpenAI, {toFile} from 'openai';

import {textOf} from './text_of.mjs';

const client = new OpenAI({baseURL: process.env.BASE_URL, apiKey: 'sk-client', maxRetries: 0});
const messages = [{role: 'user', content: 'hello'}];

function chat(model, more = {}) {
  return client.chat.completions.create({model, messages, ...more});
}

test('chat', async () => {
  assert.equal((await chat('ok')).choices[0].message.content, 'Hello!');
});

test('chat, streamed', async () => {
  assert.equal(await textOf(await chat('ok', {stream: true})), 'Hello!');
});

const classes = {
  400: OpenAI.BadRequestError,
  401: OpenAI.AuthenticationError,
  403: OpenAI.PermissionDeniedError,
  404: OpenAI.NotFoundError,
  422: OpenAI.UnprocessableEntityError,
  429: OpenAI.RateLimitError,
  500: OpenAI.InternalServerError,
};

for (const [status, errorClass] of Object.entries(classes)) {
  for (const stream of [false, true]) {
    test(`status ${status}${stream ? ', streamed' : ''}`, async () => {
      await assert.rejects(chat(`status-${status}`, {stream}), (error) => {
        assert.ok(error instanceof errorClass, error.constructor.name);
        assert.equal(error.status, Number(status));
        assert.match(error.message, /mock error/);
        assert.equal(error.headers.get('retry-after'), '17');
        return true;
      });
    });
  }
}

for (const how of ['cut', 'reset', 'error']) {
  test(`a stream that ends by ${how} is an error`, async () => {
    await assert.rejects(async () => textOf(await chat(how, {stream: true})));
  });
}

test('aborting a stream', async () => {
  const stream = await chat('hang', {stream: true});
  for await (const chunk of stream) {
    assert.ok(chunk);
    stream.controller.abort();
    break;
  }
});

test('unknown provider', async () => {
  await assert.rejects(chat('ok', {provider: 'nonexistent'}), OpenAI.NotFoundError);
});

test('provider object of OpenRouter', async () => {
  assert.ok(await chat('ok', {provider: {order: ['a']}}));
});

test('file upload', async () => {
  const file = await toFile(Buffer.from('{"a": 1}\n'), 'a.jsonl');
  assert.equal((await client.files.create({file, purpose: 'batch'})).id, 'file-1');
});
