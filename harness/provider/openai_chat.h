/*
 * openai_chat - OpenAI chat completions, as spoken by the Hugging Face router, its providers, TGI, vLLM, SGLang,
 * llama.cpp and Ollama. They differ in URL, key and dialect of errors, never in code of their own here.
 */
#ifndef PROVIDER_OPENAI_CHAT_H
#define PROVIDER_OPENAI_CHAT_H

#include "provider/provider.h"

extern const struct provider_ops openai_chat;

#endif
