// Calls by the official Node SDKs, asked for line by line: [dialect, arguments] on standard input,
// [class of the exception or "none", its text] on standard output. BASE_URL is the gateway's.

import {createInterface} from 'node:readline';

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

const {BASE_URL, API_KEY, TIMEOUT_MS} = process.env;
const options = {apiKey: API_KEY, maxRetries: 0, timeout: Number(TIMEOUT_MS), logLevel: 'off'};
const openai = new OpenAI({baseURL: BASE_URL + '/v1', ...options});
const anthropic = new Anthropic({baseURL: BASE_URL, ...options});

const endpoints = {
  chat: openai.chat.completions,
  completions: openai.completions,
  responses: openai.responses,
  embeddings: openai.embeddings,
  messages: anthropic.messages,
};

async function raised(dialect, args) {
  try {
    const result = await endpoints[dialect].create(args);
    if (args.stream) {
      for await (const event of result) void event;
    }
  } catch (error) {
    return [error.constructor.name, String(error.message)];
  }
  return ['none', ''];
}

for await (const line of createInterface({input: process.stdin})) {
  process.stdout.write(JSON.stringify(await raised(...JSON.parse(line))) + '\n');
}
