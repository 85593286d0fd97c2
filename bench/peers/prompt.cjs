// promptfoo's documented way to send an image: a prompt function that returns the chat as JSON.
const fs = require('node:fs');

module.exports = ({ vars }) => JSON.stringify([{ role: 'user', content: vars.path
  ? [{ type: 'image_url', image_url: { url: `data:image/png;base64,${fs.readFileSync(vars.path).toString('base64')}` } }, { type: 'text', text: vars.prompt }]
  : vars.prompt }]);
