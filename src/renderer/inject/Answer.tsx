/** What became of the last message that was sent; read out when it comes. */
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import blocks from '../theme/blocks.module.css';
import { showText } from '../words/showText';
import { answerWords } from './answerWords';
import classes from './inject.module.css';
import { useInject } from './injectState';

export function Answer() {
  const answer = useInject((state) => state.answer);
  const Shape = answer?.kind === 'failed' ? IconAlertTriangle : IconCircleCheck;
  return (
    <div
      aria-live="polite"
      className={answer?.kind === 'failed' ? `${classes.answer} ${blocks.failed}` : classes.answer}
      data-kind={answer?.kind}
    >
      {answer && (
        <>
          <Shape size={16} stroke={1.8} aria-hidden />
          <span>{showText(answerWords(answer))}</span>
        </>
      )}
    </div>
  );
}
