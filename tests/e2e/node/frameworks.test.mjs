// The Vercel AI SDK runs a tools loop through the gateway, in each caller's API, on every vendor.
// BASE_URL is the gateway's; VENDORS says how each vendor's models are named.

import assert from 'node:assert/strict';
import {test} from 'node:test';

import {createAnthropic} from '@ai-sdk/anthropic';
import {createOpenAI} from '@ai-sdk/openai';
import {generateText, jsonSchema, stepCountIs, streamText, tool} from 'ai';

const options = {baseURL: process.env.BASE_URL + '/v1', apiKey: process.env.API_KEY};
const openai = createOpenAI(options);
const anthropic = createAnthropic(options);
const models = {
  chat: (name) => openai.chat(name),
  responses: (name) => openai.responses(name),
  messages: (name) => anthropic(name),
};

const inputSchema = jsonSchema({type: 'object', properties: {city: {type: 'string'}}, required: ['city'],
                                additionalProperties: false});

/** Tools that note with what they were called. */
function toolsNoting(calls) {
  const noting = (name, result) => tool({inputSchema, execute: async ({city}) => {
    calls.push([name, city]);
    return result;
  }});
  return {weather: noting('weather', 'rain 0'), clock: noting('clock', 'rain 1')};
}

for (const vendor of JSON.parse(process.env.VENDORS)) {
  for (const [api, model] of Object.entries(models)) {
    for (const run of [generateText, streamText]) {
      test(`${run.name} by ${api}: ${vendor.name}`, async () => {
        const calls = [];
        const result = await run({
          model: model(`${vendor.model}-parallel`), tools: toolsNoting(calls), maxRetries: 0,
          stopWhen: stepCountIs(3), messages: [{role: 'user', content: 'How is the weather?'}],
          providerOptions: {openai: {store: false}}});
        assert.match(await result.text, /rain 1/);
        assert.deepEqual(calls, [['weather', 'Köln'], ['clock', 'Köln']]);
        assert.equal((await result.steps).length, 2);
        assert.ok((await result.totalUsage).totalTokens > 0);
      });
    }
  }
}
