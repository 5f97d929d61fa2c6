/** What a person does in the panels on the right, for the tests in which it is only the way to something else. */
import type { ElectronApplication, Locator, Page } from '@playwright/test';
import { answerFileDialog, expect } from './app';

export interface Recording {
  readonly file: string;
  /** The field that the form is to find by itself. */
  readonly keyField: string;
  readonly topic: string;
}

/** Plays a file as fast as it goes; gives the form. */
export async function playFile(electron: ElectronApplication, page: Page, recording: Recording): Promise<Locator> {
  await answerFileDialog(electron, recording.file);
  await page.getByRole('tab', { name: 'Simulate' }).click();
  const play = page.getByRole('region', { name: 'Play a file' });
  await play.getByRole('button', { name: 'Choose a file…' }).click();
  await expect(play.getByLabel('Key field')).toHaveValue(recording.keyField);
  await play.getByLabel('File topic').fill(recording.topic);
  await play.getByLabel('Speed').selectOption({ label: 'As fast as possible' });
  await play.getByRole('button', { name: 'Play', exact: true }).click();
  return play;
}

/** Fills the form of an injection, its place by a click on the map, and leaves it to be sent. */
export async function fillInjection(page: Page, topic: string, key: string): Promise<Locator> {
  await page.getByRole('tab', { name: 'Inject' }).click();
  const inject = page.getByRole('region', { name: 'Inject' });
  const map = await page.getByTestId('map').boundingBox();
  if (!map) throw new Error('no map');
  await page.mouse.click(map.x + map.width / 2 + 60, map.y + map.height / 2 + 40);
  await expect(inject.getByLabel('Latitude')).not.toHaveValue('');
  await inject.getByLabel('Topic').fill(topic);
  await inject.getByLabel('Key').fill(key);
  return inject;
}
