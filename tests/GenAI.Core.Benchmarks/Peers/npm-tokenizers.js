// node npm-tokenizers.js FOLDER TOKENIZER_JSON TEXTS RUNS: the median seconds that npm's `tokenizers` takes for all texts, one after the other.
// TEXTS: for each text an int32 length in bytes and UTF-8. FOLDER is where the package is installed.
const fs = require('fs');
const path = require('path');
const [, , folder, json, texts, runs] = process.argv;
const { Tokenizer } = require(path.join(folder, 'node_modules', 'tokenizers'));
const tokenizer = Tokenizer.fromString(fs.readFileSync(json, 'utf8'));
tokenizer.disableTruncation();
tokenizer.disablePadding();
const data = fs.readFileSync(texts);
const all = [];
for (let at = 0; at < data.length;) {
  const length = data.readInt32LE(at);
  all.push(data.toString('utf8', at + 4, at + 4 + length));
  at += 4 + length;
}
(async () => {
  const seconds = [];
  let count = 0;
  for (let run = 0; run <= Number(runs); run++) {
    const start = process.hrtime.bigint();
    count = 0;
    for (const text of all) count += (await tokenizer.encode(text)).getLength();
    if (run > 0) seconds.push(Number(process.hrtime.bigint() - start) / 1e9);
  }
  seconds.sort((a, b) => a - b);
  console.log(`${seconds[seconds.length >> 1]} ${count}`);
})();
