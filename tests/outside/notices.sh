#!/bin/sh
# What `notify` sends, read by the libraries of those who receive it: Standard Webhooks and CloudEvents (Python), the
# types of Slack and Discord (TypeScript), the renderer of Adaptive Cards. Run it from the top of the repository after
# `cargo build -p gonogo`; it prints what is in notices.txt.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
golden="$top/crates/gonogo-report/tests/golden/notices"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/python"
"$work/python/bin/pip" install --quiet --disable-pip-version-check standardwebhooks==1.0.0 cloudevents==1.11.0
"$work/python/bin/python" "$here/notices.py" "${GONOGO:-$top/target/debug/gonogo}"

cd "$work"
npm install --silent --no-audit --no-fund typescript@5 @slack/types@2 discord-api-types@0.38 adaptivecards@3 >/dev/null
for name in slack slack-go; do
    {
        echo 'import type { KnownBlock } from "@slack/types";'
        echo 'export const message: { text: string; blocks: KnownBlock[]; unfurl_links: boolean; unfurl_media: boolean } ='
        cat "$golden/$name.json"
    } > "$name.ts"
done
{
    echo 'import type { RESTPostAPIWebhookWithTokenJSONBody } from "discord-api-types/v10";'
    echo 'export const message: RESTPostAPIWebhookWithTokenJSONBody ='
    cat "$golden/discord.json"
} > discord.ts
for name in slack slack-go discord; do
    npx --loglevel=error tsc --noEmit --strict --skipLibCheck --module nodenext --moduleResolution nodenext "$name.ts"
    echo "$name.json: of the type that its receiver publishes"
done
# A type that accepts everything would prove nothing.
sed 's/"type": "mrkdwn"/"type": "markup"/' slack.ts > wrong.ts
if npx --loglevel=error tsc --noEmit --strict --skipLibCheck --module nodenext --moduleResolution nodenext wrong.ts > /dev/null; then
    echo "a wrong block is of the type, too"
    exit 1
fi
echo "a wrong block is not"
cp "$here/notices.mjs" card.mjs
node card.mjs "$golden/teams.json"
