import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Int, Resolver, Root } from 'type-graphql';
import {
  MAX_CODE_LENGTH,
  type Script,
  type ScriptHead,
  type ScriptVersion,
} from '../../domain/scripts/script.ts';
import type { ScriptProfileFilter } from '../../services/script-profiles/script-profile-ports.ts';
import type { VersionKey } from '../../services/scripts/script-ports.ts';
import { Connection, endingEarly, listingOf } from '../common/connection.ts';
import { cacheId } from '../common/global-id.ts';
import type { GraphContext } from '../context.ts';
import { ReadsColumns } from '../execution/from-row.ts';
import { longTexts, weightOf } from '../execution/long-texts.ts';
import type { MaybePromise } from '../execution/maybe-promise.ts';
import { ScriptProfileConnection } from '../script-profiles/script-profile.type.ts';
import { ScriptProfilesOrderArgs, StatusFilterEnum } from '../script-profiles/script-profile-filter.input.ts';
import { ScriptType } from './script.type.ts';
import { ScriptVersionConnection, ScriptVersionsArgs, ScriptVersionType } from './script-version.type.ts';

@ArgsType()
class ScriptProfilesOfScriptArgs extends ScriptProfilesOrderArgs {
  @Field(() => StatusFilterEnum, {
    nullable: true,
    defaultValue: 'ACTIVE',
    description: 'Archived profiles, profiles that are not archived, or both. Defaults to ACTIVE.',
  })
  status?: ScriptProfileFilter['status'] | null;
}

const CODE_WEIGHT = weightOf(MAX_CODE_LENGTH);

/** Loads the code of all scripts, or script versions, of a page. */
function codeOf<Row extends { readonly codeLength: number }>(
  row: Row,
  context: GraphContext,
  keyOf: (row: Row) => VersionKey,
): MaybePromise<string> {
  const { services, caller, pageLoader } = context;
  return pageLoader.load(row, 'code', async (rows: readonly Row[]) => {
    const codes = await longTexts(context, rows, {
      bytesOf: ({ codeLength }) => codeLength,
      fetch: (some) => services.scripts.codes(caller, some.map(keyOf)),
    });
    return codes.map((code) => code ?? '');
  });
}

const idOf = ({ scriptId, number }: ScriptVersion): string => cacheId('ScriptVersion', scriptId, number);

@Resolver(() => ScriptVersionType)
export class ScriptVersionResolver {
  @ReadsColumns<ScriptVersion>(['scriptId', 'number'], idOf)
  @FieldResolver(() => ID)
  id(@Root() version: ScriptVersion): string {
    return idOf(version);
  }

  @FieldResolver(() => String, { complexity: CODE_WEIGHT, description: 'Code, without the `#!` line.' })
  code(@Root() version: ScriptVersion, @Ctx() context: GraphContext): MaybePromise<string> {
    return codeOf(version, context, (key) => key);
  }
}

/** Fields that lead from a script to its versions and to the profiles that run it. */
@Resolver(() => ScriptType)
export class ScriptFamilyResolver {
  @FieldResolver(() => String, { complexity: CODE_WEIGHT, description: 'Code, without the `#!` line.' })
  code(@Root() script: Script | ScriptHead, @Ctx() context: GraphContext): MaybePromise<string> {
    // A script that was locked for an edit was loaded with its code.
    if ('code' in script) return script.code;
    return codeOf(script, context, ({ id, versionNumber }) => ({ scriptId: id, number: versionNumber }));
  }

  @FieldResolver(() => Int)
  revision(@Root() { version }: Script | ScriptHead): number {
    return version;
  }

  @FieldResolver(() => ScriptVersionConnection, {
    description: 'Versions of the script. Defaults to newest first.',
  })
  versions(
    @Root() script: Script,
    @Args(() => ScriptVersionsArgs) args: ScriptVersionsArgs,
    @Ctx() context: GraphContext,
  ) {
    const { services, caller, pageLoader } = context;
    const listing = listingOf('ScriptVersion', args, context);
    return pageLoader.load(script, `versions ${JSON.stringify(args)}`, async (scripts: readonly Script[]) => {
      const ids = scripts.map(({ id }) => id);
      const whole = await services.scripts.versionsOf(caller, ids, listing);
      const slices = whole.map((slice) => endingEarly(slice, ({ codeLength }) => codeLength, context));
      pageLoader.register(slices.flatMap((slice) => slice.rows));
      const count = (of: Script) =>
        pageLoader.load(of, 'versions count', () => services.scripts.versionCountsOf(caller, ids));
      return slices.map(
        (slice, index) => new Connection('ScriptVersion', slice, listing.order, () => count(scripts[index]!)),
      );
    });
  }

  @FieldResolver(() => ScriptVersionType, {
    nullable: true,
    description: 'One version of the script. NOT_FOUND if it does not exist.',
  })
  version(
    @Root() script: Script,
    @Arg('number', () => Int, { description: 'Number of the version, from 1.' }) number: number,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<ScriptVersion> {
    return services.scripts.version(caller, script.id, number);
  }

  @FieldResolver(() => ScriptProfileConnection, {
    description: 'Script profiles that run it. Defaults to profiles that are not archived, newest first.',
  })
  profiles(
    @Root() script: Script,
    @Args(() => ScriptProfilesOfScriptArgs) { status, ...args }: ScriptProfilesOfScriptArgs,
    @Ctx() context: GraphContext,
  ) {
    const { services, caller, pageLoader } = context;
    const filter = { status: status ?? 'ACTIVE' } as const;
    const listing = { filter, ...listingOf('ScriptProfile', args, context) };
    const what = `profiles ${JSON.stringify([status, args])}`;
    return pageLoader.load(script, what, async (scripts: readonly Script[]) => {
      const ids = scripts.map(({ id }) => id);
      const slices = await services.scriptProfiles.pagesOfScripts(caller, ids, listing);
      pageLoader.register(slices.flatMap((slice) => slice.rows));
      const count = (of: Script) =>
        pageLoader.load(of, `${what} count`, () =>
          services.scriptProfiles.countsOfScripts(caller, ids, filter),
        );
      return slices.map(
        (slice, index) => new Connection('ScriptProfile', slice, listing.order, () => count(scripts[index]!)),
      );
    });
  }
}
