import type { Request, Response } from 'express';
import { Changed, Invalid, Refused } from '../ground/errors.ts';
import { idOrNull } from '../ground/fields.ts';
import { actorOf, contextOf, dbOf } from '../web/context.ts';
import { readForm, type Typed, typedAgain, typedUpon } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { isActiveField, tariffShape, tariffVersion } from './fields.ts';
import { addTariff, deleteTariff, editTariff, switchTariff } from './save.ts';
import { sayPrice, tariffLocals, typedOf } from './shown.ts';
import { findTariffLine, listTariffs, type Tariff, type TariffLine } from './tariff.ts';

type Errors = Record<string, string>;

/** Every tariff there is, with for how many users it runs. */
export const showTariffs = async (req: Request, res: Response) => {
  const tariffs = await listTariffs(dbOf(req));
  await page(req, res, 'tariffs/list', { title: 'Tariffs', section: 'tariffs', tariffs, ...drawn(req) });
};

export const showTariff = async (req: Request, res: Response) => {
  const tariff = await found(req);
  await page(req, res, 'tariffs/show', { title: tariff.name, section: 'tariffs', tariff, ...drawn(req) });
};

export const showNewTariff = (req: Request, res: Response) => form(req, res, null, { period: 'month', is_active: 'on' });

export const postNewTariff = async (req: Request, res: Response) => {
  try {
    const { price: priceMinor, ...values } = readForm(req.body, { ...tariffShape(currencyOf(req)), ...isActiveField });
    const tariff = await addTariff(dbOf(req), actorOf(req), { ...values, priceMinor });
    const says = tariff.isActive ? 'It can be paid from now on.' : 'Switch it on when it is to be paid.';
    await done(req, res, `/tariffs/${tariff.id}`, `${tariff.name} has been added. ${says}`);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), null, typedAgain(req.body), error.fields);
  }
};

export const showEditTariff = async (req: Request, res: Response) => {
  const tariff = await found(req);
  await form(req, res, tariff, typedOf(tariff, currencyOf(req)));
};

/** Saves a tariff; who saves second sees how it is by then, and may save again. */
export const postEditTariff = async (req: Request, res: Response) => {
  const tariff = await found(req);
  try {
    const shape = { ...tariffShape(currencyOf(req)), version: tariffVersion };
    const { version, price: priceMinor, ...values } = readForm(req.body, shape);
    const saved = await editTariff(dbOf(req), actorOf(req), { id: tariff.id, version, values: { ...values, priceMinor } });
    await done(req, res, `/tariffs/${tariff.id}`, `${saved.name} has been saved.${tellsOf(tariff, saved)}`);
  } catch (error) {
    if (error instanceof Changed) return changed(req, res, error);
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), tariff, typedAgain(req.body), error.fields);
  }
};

const tellsOf = ({ priceMinor, renewing }: TariffLine, saved: Tariff) =>
  priceMinor !== saved.priceMinor && renewing > 0 ? ' Whose renewal it concerns is told before.' : '';

async function changed(req: Request, res: Response, { message }: Changed): Promise<void> {
  const now = await found(req);
  await form(req, res.status(409), now, typedUpon(req.body, now), { '': message }, now);
}

export const showSwitchOff = async (req: Request, res: Response) => {
  const tariff = await found(req);
  const title = `Switch off ${tariff.name}`;
  await page(req, res, 'tariffs/switch-off', { title, section: 'tariffs', tariff, ...drawn(req) });
};

export const postSwitch = (isActive: boolean) => async (req: Request, res: Response) => {
  const { id } = await found(req);
  const tariff = await switchTariff(dbOf(req), actorOf(req), { id, isActive });
  const says = isActive ? 'can be paid again.' : 'is not offered any more.';
  await done(req, res, `/tariffs/${id}`, `${tariff.name} ${says}`);
};

export const showDeleteTariff = (req: Request, res: Response) => deleteForm(req, res);

export const postDeleteTariff = async (req: Request, res: Response) => {
  try {
    const tariff = await deleteTariff(dbOf(req), actorOf(req), (await found(req)).id);
    await done(req, res, '/tariffs', `${tariff.name} has been deleted.`);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    await deleteForm(req, res.status(409), { '': error.message });
  }
};

async function deleteForm(req: Request, res: Response, errors: Errors = {}): Promise<void> {
  const tariff = await found(req);
  await page(req, res, 'tariffs/delete', { title: `Delete ${tariff.name}`, section: 'tariffs', tariff, errors });
}

async function form(
  req: Request,
  res: Response,
  tariff: TariffLine | null,
  values: Typed,
  errors: Errors = {},
  now: TariffLine | null = null,
): Promise<void> {
  const title = tariff ? `Edit ${tariff.name}` : 'Add tariff';
  await page(req, res, 'tariffs/form', { title, section: 'tariffs', tariff, values, errors, now, ...drawn(req) });
}

const found = (req: Request) => findTariffLine(dbOf(req), idOrNull(req.params.id));
const currencyOf = (req: Request) => contextOf(req).config.currency;
const drawn = (req: Request) => ({ ...tariffLocals(currencyOf(req)), sayPrice: sayPrice(currencyOf(req)) });
