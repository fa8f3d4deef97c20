// The official Node SDK reads what the responses dialect writes. BASE_URL serves the golden answers,
// WHOLES names those that are completed.

import assert from 'node:assert/strict';
import {test} from 'node:test';

import OpenAI from 'openai';

const client = new OpenAI({baseURL: process.env.BASE_URL, apiKey: 'any', maxRetries: 0});
const input = 'Hello';

for (const model of process.env.WHOLES.split(',')) {
  test(`${model}: the stream accumulates to the whole answer`, async () => {
    const whole = await client.responses.create({model, input});
    assert.equal(whole.status, 'completed');
    const stream = client.responses.stream({model, input});
    const events = [];
    stream.on('event', (event) => events.push(event));
    const final = await stream.finalResponse();
    assert.equal(final.output_text, whole.output_text);
    assert.deepEqual(final.usage, whole.usage);
    assert.deepEqual(final.output.map((item) => item.id), whole.output.map((item) => item.id));
    assert.deepEqual(events.map((event) => event.sequence_number), events.map((_, index) => index));
  });
}

test('an answer that was cut is incomplete', async () => {
  const whole = await client.responses.create({model: 'max_tokens', input});
  assert.equal(whole.incomplete_details.reason, 'max_output_tokens');
  let last;
  for await (const event of await client.responses.create({model: 'max_tokens', input, stream: true})) {
    last = event;
  }
  assert.equal(last.type, 'response.incomplete');
  assert.deepEqual(last.response.output, whole.output);
});

test('a failure in the stream is no answer', async () => {
  const types = [];
  for await (const event of await client.responses.create({model: 'failed', input, stream: true})) {
    types.push(event.type);
  }
  assert.deepEqual(types.slice(-2), ['error', 'response.failed']);
});
