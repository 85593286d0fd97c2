"""Writes the smallest model that llama.cpp serves: a Llama of two layers with random weights. usage: tiny_model.py FILE [MMPROJ]

Its vocabulary is 256 bytes and the letters, so that any prompt can be read; what it says is noise, the same for the same
prompt at temperature 0. MMPROJ: a random vision encoder beside it, in the form of LLaVA's (CLIP and a two-layer projector).
"""

import sys

import gguf
import numpy

WIDTH, HEADS, LAYERS, FEED, CONTEXT = 64, 4, 2, 128, 4096
VISION, PATCH, SIDE = 32, 14, 56
TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
random = numpy.random.default_rng(7)


def noise(*shape):
    return random.normal(0, 0.3, shape).astype(numpy.float32)


def vocabulary():
    kinds = gguf.TokenType
    tokens = [("<unk>", kinds.UNKNOWN), ("<s>", kinds.CONTROL), ("</s>", kinds.CONTROL)]
    tokens += [(f"<0x{byte:02X}>", kinds.BYTE) for byte in range(256)]
    tokens += [(letter, kinds.NORMAL) for letter in "\u2581abcdefghijklmnopqrstuvwxyz.,"]
    return tokens


def write_text_model(path):
    tokens = vocabulary()
    out = gguf.GGUFWriter(path, "llama")
    out.add_name("tiny-random")
    out.add_context_length(CONTEXT)
    out.add_embedding_length(WIDTH)
    out.add_block_count(LAYERS)
    out.add_feed_forward_length(FEED)
    out.add_head_count(HEADS)
    out.add_head_count_kv(HEADS)
    out.add_rope_dimension_count(WIDTH // HEADS)
    out.add_layer_norm_rms_eps(1e-5)
    out.add_vocab_size(len(tokens))
    out.add_tokenizer_model("llama")
    out.add_token_list([text for text, _ in tokens])
    out.add_token_scores([0.0] * len(tokens))
    out.add_token_types([kind for _, kind in tokens])
    out.add_bos_token_id(1)
    out.add_eos_token_id(2)
    out.add_unk_token_id(0)
    out.add_chat_template(TEMPLATE)
    out.add_tensor("token_embd.weight", noise(len(tokens), WIDTH))
    out.add_tensor("output_norm.weight", numpy.ones(WIDTH, numpy.float32))
    head = noise(len(tokens), WIDTH)
    head[3:259] = 0  # single bytes are read, never said: the answer stays text
    out.add_tensor("output.weight", head)
    for layer in range(LAYERS):
        name = f"blk.{layer}."
        for norm in ("attn_norm", "ffn_norm"):
            out.add_tensor(name + norm + ".weight", numpy.ones(WIDTH, numpy.float32))
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            out.add_tensor(name + part + ".weight", noise(WIDTH, WIDTH))
        out.add_tensor(name + "ffn_gate.weight", noise(FEED, WIDTH))
        out.add_tensor(name + "ffn_up.weight", noise(FEED, WIDTH))
        out.add_tensor(name + "ffn_down.weight", noise(WIDTH, FEED))
    finish(out)


def write_vision_model(path):
    out = gguf.GGUFWriter(path, "clip")
    out.add_string("general.type", "mmproj")
    out.add_bool("clip.has_vision_encoder", True)
    out.add_string("clip.projector_type", "mlp")
    out.add_bool("clip.use_gelu", True)
    out.add_uint32("clip.vision.image_size", SIDE)
    out.add_uint32("clip.vision.patch_size", PATCH)
    out.add_uint32("clip.vision.embedding_length", VISION)
    out.add_uint32("clip.vision.feed_forward_length", 2 * VISION)
    out.add_uint32("clip.vision.projection_dim", WIDTH)
    out.add_uint32("clip.vision.block_count", 1)
    out.add_uint32("clip.vision.attention.head_count", 2)
    out.add_float32("clip.vision.attention.layer_norm_epsilon", 1e-5)
    out.add_array("clip.vision.image_mean", [0.5, 0.5, 0.5])
    out.add_array("clip.vision.image_std", [0.5, 0.5, 0.5])
    patches = (SIDE // PATCH) ** 2
    out.add_tensor("v.class_embd", noise(VISION))
    out.add_tensor("v.patch_embd.weight", noise(VISION, 3, PATCH, PATCH))
    out.add_tensor("v.position_embd.weight", noise(patches + 1, VISION))
    for norm in ("v.pre_ln", "v.post_ln"):
        out.add_tensor(norm + ".weight", numpy.ones(VISION, numpy.float32))
        out.add_tensor(norm + ".bias", numpy.zeros(VISION, numpy.float32))
    for layer in range(2):
        name = f"v.blk.{layer}."
        for norm in ("ln1", "ln2"):
            out.add_tensor(name + norm + ".weight", numpy.ones(VISION, numpy.float32))
            out.add_tensor(name + norm + ".bias", numpy.zeros(VISION, numpy.float32))
        for part, rows, columns in (("attn_q", VISION, VISION), ("attn_k", VISION, VISION), ("attn_v", VISION, VISION),
                                    ("attn_out", VISION, VISION), ("ffn_up", 2 * VISION, VISION), ("ffn_down", VISION, 2 * VISION)):
            out.add_tensor(name + part + ".weight", noise(rows, columns))
            out.add_tensor(name + part + ".bias", numpy.zeros(rows, numpy.float32))
    for part, columns in (("mm.0", VISION), ("mm.2", WIDTH)):
        out.add_tensor(part + ".weight", noise(WIDTH, columns))
        out.add_tensor(part + ".bias", numpy.zeros(WIDTH, numpy.float32))
    finish(out)


def finish(out):
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


write_text_model(sys.argv[1])
if len(sys.argv) > 2:
    write_vision_model(sys.argv[2])
