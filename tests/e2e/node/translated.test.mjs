// The official Node SDKs through the gateway to each vendor's simulator: every caller's API on every
// provider. BASE_URL is the gateway's; VENDORS says how each vendor's models are named.

import assert from 'node:assert/strict';
import {test} from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import {zodResponseFormat, zodTextFormat} from 'openai/helpers/zod';
import {z} from 'zod';

const {API_KEY, BASE_URL, VENDORS} = process.env;
const options = {apiKey: API_KEY, maxRetries: 0};
const gpt = new OpenAI({baseURL: BASE_URL + '/v1', ...options});
const claude = new Anthropic({baseURL: BASE_URL, ...options});
const vendors = JSON.parse(VENDORS);

const City = z.object({city: z.string()});
const schema = {type: 'object', properties: {city: {type: 'string'}}, required: ['city'],
                additionalProperties: false};
const names = ['weather', 'clock'];
const chatTools = names.map((name) => ({type: 'function', function: {name, parameters: schema}}));
const responsesTools = names.map((name) => ({type: 'function', name, parameters: schema, strict: true}));
const messagesTools = names.map((name) => ({name, input_schema: schema}));
const user = {role: 'user', content: 'Say hello'};
const rain = (index) => `rain ${index}`;

function each(title, run, list = vendors) {
  for (const vendor of list) {
    test(`${title}: ${vendor.name}`, () => run((...words) => [vendor.model, ...words].join('-'), vendor));
  }
}

function textOf(message) {
  return message.content.filter((block) => block.type === 'text').map((block) => block.text).join('');
}

each('chat', async (model) => {
  const whole = await gpt.chat.completions.create({
    model: model(), messages: [{role: 'system', content: 'Be brief.'}, user]});
  assert.match(whole.choices[0].message.content, /^Hello/);
  assert.equal(whole.choices[0].finish_reason, 'stop');
  let text = '', usage;
  for await (const chunk of await gpt.chat.completions.create({
    model: model(), messages: [user], stream: true, stream_options: {include_usage: true}})) {
    text += chunk.choices[0]?.delta.content ?? '';
    usage = chunk.usage ?? usage;
  }
  assert.equal(text, whole.choices[0].message.content);
  assert.deepEqual(usage, whole.usage);
});

each('tool loop of chat', async (model) => {
  const asked = {model: model('parallel'), tools: chatTools};
  const stream = gpt.chat.completions.stream({messages: [user], ...asked});
  const {message, finish_reason} = (await stream.finalChatCompletion()).choices[0];
  assert.equal(finish_reason, 'tool_calls');
  assert.deepEqual(message.tool_calls.map((call) => call.function.name), names);
  assert.deepEqual(JSON.parse(message.tool_calls[1].function.arguments), {city: 'Köln'});
  const results = message.tool_calls.map(
      (call, index) => ({role: 'tool', tool_call_id: call.id, content: rain(index)}));
  const answered = {...message, tool_calls: message.tool_calls.map(
      ({function: {name, arguments: text}, ...call}) => ({...call, function: {name, arguments: text}}))};
  delete answered.parsed;
  const last = await gpt.chat.completions.create({messages: [user, answered, ...results], ...asked});
  assert.match(last.choices[0].message.content, /rain 1/);
});

each('structured output of chat', async (model) => {
  const parsed = await gpt.chat.completions.parse({
    model: model(), messages: [user], response_format: zodResponseFormat(City, 'city')});
  assert.deepEqual(parsed.choices[0].message.parsed, {city: 'Köln'});
});

each('embeddings', async (model, vendor) => {
  const input = ['a', 'bcd'].slice(0, vendor.texts);
  for (const more of [{}, {encoding_format: 'float'}]) {
    const answer = await gpt.embeddings.create({model: vendor.embeddings, input, ...more});
    assert.deepEqual(answer.data.map((one) => one.embedding[0].toFixed(4)),
                     input.map((text) => (text.length / 100).toFixed(4)));
  }
}, vendors.filter((vendor) => vendor.embeddings));

each('responses', async (model) => {
  const whole = await gpt.responses.create({model: model(), instructions: 'Be brief.', input: 'Say hello'});
  assert.equal(whole.status, 'completed');
  assert.match(whole.output_text, /^Hello/);
  const final = await gpt.responses.stream({model: model(), input: 'Say hello'}).finalResponse();
  assert.equal(final.output_text, whole.output_text);
  assert.deepEqual(final.usage, whole.usage);
});

each('tool loop of responses', async (model) => {
  const asked = {model: model('thinking', 'parallel'), tools: responsesTools, store: false,
                 include: ['reasoning.encrypted_content'], reasoning: {effort: 'low'}};
  const first = await gpt.responses.stream({input: [user], ...asked}).finalResponse();
  const calls = first.output.filter((item) => item.type === 'function_call');
  assert.deepEqual(calls.map((call) => call.name), names);
  const items = first.output.map(({parsed_arguments, ...item}) => item);
  const results = calls.map(
      (call, index) => ({type: 'function_call_output', call_id: call.call_id, output: rain(index)}));
  const last = await gpt.responses.create({input: [user, ...items, ...results], ...asked});
  assert.match(last.output_text, /rain 1/);
});

each('structured output of responses', async (model) => {
  const parsed = await gpt.responses.parse({
    model: model(), input: 'Say hello', text: {format: zodTextFormat(City, 'city')}});
  assert.deepEqual(parsed.output_parsed, {city: 'Köln'});
});

each('messages', async (model) => {
  const asked = {model: model(), max_tokens: 100, messages: [user]};
  const whole = await claude.messages.create({system: 'Be brief.', ...asked});
  assert.match(textOf(whole), /^Hello/);
  assert.equal(whole.stop_reason, 'end_turn');
  const final = await claude.messages.stream(asked).finalMessage();
  assert.equal(textOf(final), textOf(whole));
  assert.equal(final.usage.output_tokens, whole.usage.output_tokens);
});

each('tool loop of messages', async (model) => {
  const asked = {model: model('thinking', 'parallel'), max_tokens: 2048, tools: messagesTools,
                 thinking: {type: 'enabled', budget_tokens: 1024}};
  const first = await claude.messages.stream({messages: [user], ...asked}).finalMessage();
  assert.equal(first.stop_reason, 'tool_use');
  assert.equal(first.content[0].type, 'thinking');
  const calls = first.content.filter((block) => block.type === 'tool_use');
  assert.deepEqual(calls.map((call) => call.name), names);
  assert.deepEqual(calls[1].input, {city: 'Köln'});
  const results = calls.map(
      (call, index) => ({type: 'tool_result', tool_use_id: call.id, content: rain(index)}));
  const last = await claude.messages.create({messages: [
    user, {role: 'assistant', content: first.content}, {role: 'user', content: results}], ...asked});
  assert.match(textOf(last), /rain 1/);
});

each('count_tokens', async (model) => {
  const counted = await claude.messages.countTokens({
    model: model(), messages: [user], tools: messagesTools});
  assert.ok(counted.input_tokens > 10);
});
