import { Link } from '@remix-run/react'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { LogoMark } from '~/ui/logo.tsx'
import { Flock } from './flock.tsx'

export interface LandingProps {
  serverName: string
  /** Nobody has signed up yet. */
  fresh: boolean
  signUp: 'open' | 'domains' | 'invitation'
}

/** What this server is, for somebody who is not signed in, and the ways in. */
export function Landing({ serverName, fresh, signUp }: LandingProps) {
  const text = strings.accounts.landing
  return (
    <div className="relative flex min-h-dvh flex-1 flex-col overflow-hidden bg-[#0a453f] text-[#e4f1ec]">
      <Flock className="pointer-events-none absolute -end-24 top-16 w-[44rem] max-w-none opacity-90 max-lg:-end-24 max-lg:top-16 max-lg:w-[22rem] max-lg:opacity-30 max-sm:top-20" />
      <header className="relative mx-auto flex w-full max-w-6xl items-center gap-3 px-5 py-5 sm:px-8 sm:py-7">
        <LogoMark className="size-8 rounded-lg ring-1 ring-white/20" />
        <span className="min-w-0 flex-1 truncate font-display text-lg font-bold" dir="auto">
          {serverName}
        </span>
        {fresh ? null : (
          <Link
            to={paths.signIn()}
            className="inline-flex h-10 items-center rounded-md px-4 text-sm font-semibold hover:bg-white/10 focus-visible:outline-white"
          >
            {text.signIn}
          </Link>
        )}
      </header>
      <main className="relative mx-auto flex w-full max-w-6xl flex-1 flex-col justify-center px-5 py-12 sm:px-8">
        <h1
          className="max-w-2xl font-display text-3xl font-semibold tracking-tight break-words text-white sm:text-4xl"
          dir="auto"
        >
          {fresh ? text.freshTitle : text.title(serverName)}
        </h1>
        <p className="mt-4 max-w-xl text-lg text-pretty text-[#c6ded6]">
          {fresh ? text.freshText : text.text}
        </p>
        <div className="mt-8 flex flex-wrap items-center gap-3">
          {fresh ? (
            <PaperButton to={paths.signUp()}>{text.freshAction}</PaperButton>
          ) : (
            <PaperButton to={paths.signIn()}>{text.signIn}</PaperButton>
          )}
          {fresh || signUp === 'invitation' ? null : (
            <Link
              to={paths.signUp()}
              className="inline-flex h-12 items-center rounded-md border border-white/30 px-6 font-semibold text-white hover:bg-white/10 focus-visible:outline-white"
            >
              {text.signUp}
            </Link>
          )}
        </div>
        {!fresh && signUp === 'invitation' ? (
          <p className="mt-4 text-sm text-[#c6ded6]">{text.invitationOnly}</p>
        ) : null}
        <ul className="mt-16 grid gap-x-10 gap-y-6 border-t border-white/15 pt-8 sm:grid-cols-3">
          {text.promises.map((promise) => (
            <li key={promise.title}>
              <h2 className="font-display font-semibold text-white">{promise.title}</h2>
              <p className="mt-0.5 text-sm text-[#c6ded6]">{promise.text}</p>
            </li>
          ))}
        </ul>
      </main>
      <footer className="relative mx-auto w-full max-w-6xl px-5 pb-6 text-sm text-[#a9c9bf] sm:px-8">
        {text.selfHosted}
      </footer>
    </div>
  )
}

/** The one thing to do, on the green of this page in both themes. */
function PaperButton({ to, children }: { to: string; children: string }) {
  return (
    <Link
      to={to}
      className="inline-flex h-12 items-center rounded-md bg-white px-6 font-semibold text-[#0a453f] shadow-lift hover:bg-[#d9ece6] focus-visible:outline-white"
    >
      {children}
    </Link>
  )
}
