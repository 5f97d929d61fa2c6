/** Copies a text, and says so for a moment. */
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { copyText } from '../state/command';
import { IconButton } from './IconButton';

const SAID_MS = 1_500;

export function CopyButton({ name, text, size = 24 }: { name: string; text: string; size?: number }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <IconButton
      name={name}
      hint={copied ? 'Copied' : name}
      icon={copied ? IconCheck : IconCopy}
      size={size}
      onClick={() => void copyText(text).then(setCopied)}
    />
  );
}
