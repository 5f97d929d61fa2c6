/** Whether the cluster in use may be written to. The main process holds to it in any case; here it is said beforehand. */
import { useMain } from './mainState';

export const READ_ONLY = 'This cluster is used read-only';

export const useReadOnly = (): boolean => useMain((state) => state.connection.cluster.readOnly);
