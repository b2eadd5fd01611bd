// The first thing that every script runs. It is written so that any Node can read it, and ends with one sentence: what
// comes next would end in a syntax error, or in a panic of somebody else's program.
var least = [20, 19];
var found = process.versions.node.split('.').map(Number);
if (found[0] < least[0] || (found[0] === least[0] && found[1] < least[1])) {
  console.error(`Node ${least.join('.')} or newer is needed; this is Node ${process.versions.node}.`);
  process.exit(1);
}
