// Reads a card as a client of Teams does, and says what it does not like.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const cards = createRequire(import.meta.url)("adaptivecards/dist/adaptivecards.js");
const message = JSON.parse(readFileSync(process.argv[2], "utf8"));
const read = (content) => {
  const context = new cards.SerializationContext(cards.Versions.v1_4);
  const card = new cards.AdaptiveCard();
  card.parse(content, context);
  const events = [];
  for (let at = 0; at < context.eventCount; at++) events.push(context.getEventAt(at).message);
  const failures = card.validateProperties().validationEvents.map((event) => event.message);
  return { items: card.getItemCount(), told: events.concat(failures) };
};
const good = read(message.attachments[0].content);
console.log(`teams.json: ${good.items} items, ${good.told.length} complaints`, ...good.told);
const wrong = structuredClone(message.attachments[0].content);
wrong.body.push({ type: "NoSuchBlock" });
console.log(`with a block that there is not: ${read(wrong).told.length} complaint`);
