/**
 * Under the page's CSP there is no eval, which zod would otherwise probe for as soon as the first schema is made: so
 * this is imported before any.
 */
import { z } from 'zod';

z.config({ jitless: true });
