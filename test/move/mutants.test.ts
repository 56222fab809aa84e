import assert from 'node:assert/strict'
import {applied, mutantsOf, paragraphWith, testsNear} from '../bench/lib/mutants.ts'
import {switchedSource, switchedTests} from '../bench/lib/switched.ts'

const SOURCE = `/// A module. // with a <= b
module daas::sample;

const E_SMALL: u64 = 1;
const MOST: u8 = 8;

/// Adds.
public fun add(sample: &mut Sample, more: u64) {
    assert!(more <= MOST, E_SMALL);
    sample.total = sample.total + more;
    event::emit(Added { more });
}

#[test_only]
public fun add_for_testing(sample: &mut Sample) { sample.total = 1 + 1; }
`
const mutants = mutantsOf('sources/sample.move', SOURCE)

describe('changes for the Move tests to notice', () => {
  it('are all that can be made of a source, once each, and none of comments or of what is for tests', () => {
    assert.deepEqual(
      mutants.map(({line, within, kind, what}) => [line, within, kind, what]),
      [
        [9, 'add', 'other', 'without assert!(more <= MOST, E_SMALL);'],
        [11, 'add', 'other', 'without the event Added'],
        [10, 'add', 'other', 'without sample.total = sample.total + more;'],
        [9, 'add', 'other', 'off by one: assert!(more <= MOST, E_SMALL);'],
        [10, 'add', 'other', 'other arithmetic: sample.total = sample.total + more;'],
        [5, '', 'other', 'one more: const MOST: u8 = 8;'],
        [8, 'add', 'call', 'add cannot be called'],
      ],
    )
  })

  it('are made one by one or several at once', () => {
    const [assertion, event, , , , constant] = mutants
    assert.equal(applied(SOURCE, [assertion!]), SOURCE.replace('assert!(more <= MOST, E_SMALL);', '();'))
    assert.equal(
      applied(SOURCE, [event!, constant!]),
      SOURCE.replace('event::emit(Added { more })', '{ let _ = Added { more }; }').replace('u8 = 8', 'u8 = 8 + 1'),
    )
  })

  it('are known again by their function, whatever else is changed', () => {
    const [assertion, event] = mutants
    const longer = SOURCE.replace('/// Adds.', 'public fun other() { abort 7 }\n\n/// Adds.')
    const [moved] = mutantsOf('sources/sample.move', longer)
    assert.equal(paragraphWith(longer, moved!), paragraphWith(SOURCE, assertion!))
    assert.notEqual(paragraphWith(SOURCE, event!), paragraphWith(SOURCE, assertion!))
  })

  it('are tried by the tests of their module first, then by those that speak of their function', () => {
    const tests = {
      'tests/world.move': 'public fun add() {}',
      'tests/sample_tests.move': '#[test]\nfun a() {}',
      'tests/other_tests.move': '#[test]\nfun b() { w.add(1); }',
      'tests/far_tests.move': '#[test]\nfun c() { w.address(); }',
    }
    const rounds = testsNear(tests, mutants[0]!).map((some) => Object.keys(some))
    assert.deepEqual(rounds, [
      ['tests/world.move', 'tests/sample_tests.move'],
      ['tests/world.move', 'tests/other_tests.move'],
    ])
  })

  it('are all in one source, each behind its number, and each test stands once for each number', () => {
    const [assertion, , , , , , call] = mutants
    const source = switchedSource(
      SOURCE,
      new Map([
        [7, assertion!],
        [8, call!],
      ]),
    )
    const body = SOURCE.slice(SOURCE.indexOf('{') + 1, SOURCE.indexOf('}\n\n#'))
    assert.equal(
      source,
      SOURCE.replace(
        body,
        () =>
          ` if (sui::tx_context::mutant() == 7) {${body.replace('assert!(more <= MOST, E_SMALL);', '();')}}` +
          ` else if (sui::tx_context::mutant() == 8) { assert!(false, 999_999);${body}} else {${body}} `,
      ),
    )
    assert.equal(
      switchedTests('#[test, expected_failure]\nfun a() { abort }\n', [7, 8]),
      [
        '#[test, expected_failure]\nfun a__7() { sui::tx_context::set_mutant(7); a() }\n',
        '#[test, expected_failure]\nfun a__8() { sui::tx_context::set_mutant(8); a() }\n',
        'fun a() { abort }\n',
      ].join('\n'),
    )
  })
})
