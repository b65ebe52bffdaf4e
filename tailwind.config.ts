import type { Config } from 'tailwindcss'

/** Names for the tokens in app/styles/tokens.css: the values, light and dark, live there. */
export default {
  theme: {
    extend: {
      colors: {
        canvas: 'var(--canvas)',
        surface: 'var(--surface)',
        raised: 'var(--raised)',
        sunken: 'var(--sunken)',
        hover: 'var(--hover)',
        line: 'var(--line)',
        'line-strong': 'var(--line-strong)',
        ink: 'var(--ink)',
        'ink-soft': 'var(--ink-soft)',
        'ink-faint': 'var(--ink-faint)',
        accent: 'var(--accent)',
        'accent-strong': 'var(--accent-strong)',
        'accent-ink': 'var(--accent-ink)',
        'accent-wash': 'var(--accent-wash)',
        'on-accent': 'var(--on-accent)',
        bill: 'var(--bill)',
        'bill-ink': 'var(--bill-ink)',
        'bill-wash': 'var(--bill-wash)',
        'on-bill': 'var(--on-bill)',
        danger: 'var(--danger)',
        'danger-strong': 'var(--danger-strong)',
        'danger-ink': 'var(--danger-ink)',
        'danger-wash': 'var(--danger-wash)',
        'on-danger': 'var(--on-danger)',
        present: 'var(--present)',
        scrim: 'var(--scrim)',
      },
      fontFamily: {
        sans: 'var(--font-sans)',
        display: 'var(--font-display)',
        mono: 'var(--font-mono)',
      },
      fontSize: {
        '2xs': ['0.6875rem', { lineHeight: '1rem' }],
        xs: ['0.78125rem', { lineHeight: '1.125rem' }],
        sm: ['0.875rem', { lineHeight: '1.3125rem' }],
        base: ['0.9688rem', { lineHeight: '1.5rem' }],
        lg: ['1.125rem', { lineHeight: '1.625rem' }],
        xl: ['1.375rem', { lineHeight: '1.75rem' }],
        '2xl': ['1.75rem', { lineHeight: '2.125rem' }],
        '3xl': ['2.375rem', { lineHeight: '2.625rem' }],
        '4xl': ['3.25rem', { lineHeight: '3.375rem' }],
      },
      borderRadius: { sm: '5px', md: '8px', lg: '12px', xl: '18px' },
      boxShadow: {
        lift: 'var(--shadow-lift)',
        float: 'var(--shadow-float)',
      },
    },
  },
} satisfies Config
