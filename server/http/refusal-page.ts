/**
 * The page for what never reaches the web app: it has to stand without it, so it carries its own few styles. Colours
 * follow app/styles/tokens.css, the mark app/ui/logo.tsx.
 */
export function refusalPage(given: {
  status: number
  message: string
  nonce: string
  requestId: string
}): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${given.status} · Skein</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<style nonce="${given.nonce}">
:root { color-scheme: light dark }
body { margin: 0; min-height: 100vh; display: grid; place-content: center; justify-items: center; gap: 1rem; padding: 2rem;
  box-sizing: border-box; text-align: center; font: 1rem/1.6 system-ui, sans-serif;
  background: light-dark(#edefe9, #0e1312); color: light-dark(#1a2220, #e8ecea) }
svg { width: 3.5rem }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.3; max-width: 34rem; text-wrap: balance }
p { margin: 0; color: light-dark(#48524e, #b5beba) }
code { font-size: .8125rem }
a { color: light-dark(#ffffff, #04201b); background: light-dark(#0b6a5f, #52c4af); padding: .5rem 1.125rem;
  border-radius: .5rem; text-decoration: none; font-weight: 600 }
a:focus-visible { outline: 2px solid light-dark(#0b6a5f, #52c4af); outline-offset: 2px }
</style>
</head>
<body>
<svg viewBox="0 0 32 32" fill="none" stroke-width="2.7" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><rect width="32" height="32" rx="9" fill="#0b6a5f"/><path stroke="#fff" d="M23.6 8.4C17.5 6.3 9 7.3 9 12.1c0 5.9 14 3.1 14 9 0 4.9-9.5 5.7-15.6 2.9"/><path stroke="#f7a672" d="m20.5 4.3 4.5 4.5-4.9 3.7"/></svg>
<h1>${escapeHtml(given.message)}</h1>
<p><a href="/">Back to the start</a></p>
<p><code>${given.status} · ${escapeHtml(given.requestId)}</code></p>
</body>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
