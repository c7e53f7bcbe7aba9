import type { FormValues } from '../../../kit/department/definition.js';

export interface DeclaredPost {
  readonly post: string;
  readonly declared: number;
}

/** Posts a declaration may list. */
const MOST = 50;

/** What the form declares, `post: number` joined by semicolons. The first word on a post counts; what can't be read is left out. */
export function declaredPersonnel(form: FormValues): DeclaredPost[] {
  const posts = new Map<string, number>();
  for (const entry of (form.get('personnel') ?? '').split(/[;\uFF1B\n]/)) {
    const match = /^\s*([^:\uFF1A]{1,120}?)\s*[:\uFF1A]\s*(\d{1,5})\s*人?\s*$/.exec(entry);
    if (match?.[1] !== undefined && !posts.has(match[1]) && posts.size < MOST) posts.set(match[1], Number(match[2]));
  }
  return [...posts].map(([post, declared]) => ({ post, declared }));
}
