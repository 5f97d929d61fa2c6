/** A button that is only an icon: its name is said to screen readers and shown on hover and focus. */
import { ActionIcon, Tooltip } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { MouseEventHandler, ReactNode } from 'react';

interface IconButtonProps {
  readonly name: string;
  readonly icon: Icon;
  readonly onClick: MouseEventHandler<HTMLButtonElement>;
  /** What the tooltip says where that is more than the name. */
  readonly hint?: ReactNode;
  readonly size?: number;
  readonly disabled?: boolean;
  /** Why it cannot be used, shown as its tooltip; false or absent when it can. */
  readonly off?: string | false;
  /** For buttons that stay down. */
  readonly pressed?: boolean;
  /** For buttons that open something. */
  readonly expanded?: boolean;
  readonly className?: string | undefined;
}

export function IconButton({
  name,
  icon: Shape,
  onClick,
  hint,
  size = 28,
  disabled,
  off = false,
  pressed,
  expanded,
  className,
}: IconButtonProps) {
  return (
    <Tooltip label={off || (hint ?? name)}>
      <ActionIcon
        aria-label={name}
        aria-pressed={pressed}
        aria-expanded={expanded}
        size={size}
        disabled={disabled}
        // Not `disabled`: a button that cannot be reached could not say why either.
        aria-disabled={off !== false || undefined}
        data-disabled={off !== false || undefined}
        onClick={off === false ? onClick : undefined}
        className={className}
      >
        <Shape size={size > 24 ? 18 : 16} stroke={1.6} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
