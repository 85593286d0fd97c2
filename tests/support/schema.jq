# Checks a document against a JSON Schema (draft 2020-12), as far as docs/schemas uses it. usage:
#   jq -r --slurpfile schema FILE -f schema.jq DOCUMENT
# Prints one line for each violation, nothing when all is well. A keyword that is not known here is a violation too.
def kind: if type == "number" and . == floor then "integer" else type end;
def is_kind($wanted): kind as $k | [$wanted] | flatten | any(. == $k or (. == "number" and $k == "integer"));
def known: ["$schema", "$id", "$defs", "$ref", "title", "description", "type", "required", "properties", "additionalProperties",
    "items", "enum", "const", "pattern", "minimum", "maximum", "minItems"];
def violations($root; $s; $at):
    . as $v
    | (($s | keys) - known | .[] | "\($at): the checker does not know `\(.)`"),
      (if $s | has("$ref") then violations($root; $root["$defs"][$s["$ref"] | ltrimstr("#/$defs/")]; $at) else empty end),
      (if ($s | has("type")) and ($v | is_kind($s.type) | not) then "\($at): \($v | kind), not \($s.type)" else empty end),
      (if ($s | has("const")) and $v != $s.const then "\($at): \($v), not \($s.const)" else empty end),
      (if ($s | has("enum")) and ($s.enum | index([$v]) == null) then "\($at): \($v) is none of \($s.enum)" else empty end),
      (if ($s | has("pattern")) and ($v | type) == "string" and ($v | test($s.pattern) | not) then "\($at): \($v) does not match \($s.pattern)" else empty end),
      (if ($s | has("minimum")) and ($v | type) == "number" and $v < $s.minimum then "\($at): \($v) is below \($s.minimum)" else empty end),
      (if ($s | has("maximum")) and ($v | type) == "number" and $v > $s.maximum then "\($at): \($v) is above \($s.maximum)" else empty end),
      (if ($v | type) == "array" then
           (if ($s | has("minItems")) and ($v | length) < $s.minItems then "\($at): fewer than \($s.minItems)" else empty end),
           (if $s | has("items") then range($v | length) as $i | $v[$i] | violations($root; $s.items; "\($at)[\($i)]") else empty end)
       elif ($v | type) == "object" then
           (($s.required // [])[] | select(. as $k | $v | has($k) | not) | "\($at): `\(.)` is missing"),
           ($v | keys[]) as $k
           | if ($s.properties // {}) | has($k) then $v[$k] | violations($root; $s.properties[$k]; "\($at).\($k)")
             elif $s.additionalProperties == false then "\($at): `\($k)` is not in the schema"
             elif ($s.additionalProperties | type) == "object" then $v[$k] | violations($root; $s.additionalProperties; "\($at).\($k)")
             else empty end
       else empty end);
violations($schema[0]; $schema[0]; "")
