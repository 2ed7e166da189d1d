import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { root } from '../src/ground/root.ts';
import { findBreaches, rooms } from './architecture/rules.ts';

describe('The house', () => {
  it('keeps its rules: the staircase, the doors, the budgets', () => {
    expect(findBreaches()).to.deep.equal([]);
  });

  it('shows in the README the rooms in the order that the rules know', () => {
    const readme = readFileSync(`${root}/README.md`, 'utf8');
    expect(readme).to.include(rooms.join(' → '));
  });
});
