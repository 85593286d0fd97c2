// Sends every job with an official JavaScript client and prints what the client made of each reply, one JSON line a job.
// usage: node send.mjs openai|hf JOBS.jsonl [RETRIES]      RETRIES: how often what got no reply is asked again (0)
//   a job: {"key", "base_url", "args": {model, messages, …}, "extra": {members beside them}}
//   a line: {"key", "text", "refusal", "reasoning", "finish", "prompt_tokens", "completion_tokens", "tool_calls", "deltas"}
//           or {"key", "error", "status"}; null = the client says nothing about it.
//   a job without args asks openai for the list of models: {"key", "models": [ids]}
// The key and the organisation come from $CLIENT_KEY and $CLIENT_ORG. Eight jobs are under way at once.
import fs from 'node:fs';

const [kind, jobsFile, retries = '0'] = process.argv.slice(2);
// As often as the openai client asks again by itself: a server may close a kept connection while the next request takes it.
const fetchAgain = (url, init, left = Number(retries)) =>
  fetch(url, init).catch((error) => { if (left <= 0) throw error; return fetchAgain(url, init, left - 1); });
const key = process.env.CLIENT_KEY ?? 'none', org = process.env.CLIENT_ORG;

const clients = {
  openai: async () => {
    const { default: OpenAI } = await import('openai');
    return async (job) => {
      const client = new OpenAI({ apiKey: key, baseURL: job.base_url, maxRetries: Number(retries), defaultHeaders: org ? { 'X-HF-Bill-To': org } : {} });
      return job.args ? client.chat.completions.create({ ...job.args, ...job.extra }) : (await client.models.list()).data.map((model) => model.id);
    };
  },
  hf: async () => {
    const { InferenceClient } = await import('@huggingface/inference');
    const options = { retry_on_error: false, fetch: (url, init) => fetchAgain(url, init), ...(org ? { billTo: org } : {}) };
    const client = new InferenceClient(key, options);
    return async (job) => {
      const args = { ...job.args, ...job.extra, endpointUrl: job.base_url };
      return args.stream ? client.chatCompletionStream(args, options) : client.chatCompletion(args, options);
    };
  },
};

// What a person reading the client's objects would write down: text in parts joined, half a surrogate pair as U+FFFD.
const textOf = (content) => (Array.isArray(content) ? content.map((p) => p.text ?? '').join('') : content)?.toWellFormed() ?? null;
const usageOf = (usage) => ({ prompt_tokens: usage?.prompt_tokens ?? null, completion_tokens: usage?.completion_tokens ?? null });

function whole(reply) {
  const choice = reply.choices[0], message = choice.message;
  return { text: textOf(message.content), refusal: message.refusal ?? null, reasoning: message.reasoning ?? message.reasoning_content ?? null,
    finish: choice.finish_reason ?? null, ...usageOf(reply.usage), tool_calls: message.tool_calls?.length ?? 0, deltas: null };
}

async function streamed(stream) {
  const seen = { text: null, refusal: null, reasoning: null, finish: null, ...usageOf(null), tool_calls: 0, deltas: 0 };
  const add = (name, more) => { if (more != null) seen[name] = (seen[name] ?? '') + more; };
  for await (const chunk of stream) {
    if (chunk.usage) Object.assign(seen, usageOf(chunk.usage));
    for (const choice of chunk.choices ?? []) {
      const delta = choice.delta ?? {};
      add('text', textOf(delta.content));
      add('refusal', delta.refusal);
      add('reasoning', delta.reasoning ?? delta.reasoning_content);
      if (delta.content) seen.deltas++;
      seen.tool_calls += delta.tool_calls?.length ?? 0;
      seen.finish = choice.finish_reason ?? seen.finish;
    }
  }
  return seen;
}

async function outcome(send, job) {
  try {
    const reply = await send(job);
    if (Array.isArray(reply)) return { models: reply };
    return job.args.stream ? await streamed(reply) : whole(reply);
  } catch (error) {
    return { error: error.constructor.name + ': ' + String(error.message).replace(/\s+/g, ' ').slice(0, 200), status: error.status ?? error.httpResponse?.status ?? null };
  }
}

const jobs = fs.readFileSync(jobsFile, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const send = await clients[kind]();
await Promise.all(Array.from({ length: 8 }, async () => {
  for (let job; (job = jobs.shift());) console.log(JSON.stringify({ key: job.key, ...(await outcome(send, job)) }));
}));
