import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { SavedSearch } from '../../domain/search/saved-search.ts';
import { payload } from '../common/errors.ts';
import { cacheId, cacheIdDescription } from '../common/global-id.ts';
import { IDEMPOTENCY_KEY } from '../common/idempotency-key.ts';
import { Payload } from '../common/payload.ts';
import type { GraphContext } from '../context.ts';

const NAME = 'Name of the saved search.';
const TITLE = 'Title for display: 1 to 255 characters.';
const SEARCH = 'Search query, as in `computers(filter: { query })`, with at least one term.';

@ObjectType('SavedSearch', {
  description: 'Search query for computers, saved for the whole account.',
  simpleResolvers: true,
})
export class SavedSearchType {
  @Field(() => String, { description: 'Name, unique in the account. It never changes.' })
  name!: string;

  @Field(() => String, { description: 'Title for display.' })
  title!: string;

  @Field(() => String, { description: 'Search query, as in `computers(filter: { query })`.' })
  search!: string;
}

@InputType('CreateSavedSearchInput', { description: 'Saved search to create.' })
class CreateSavedSearchInput {
  @Field(() => String, { description: TITLE })
  title!: string;

  @Field(() => String, { description: SEARCH })
  search!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Name, unique in the account: 1 to 255 letters, digits, `_` and `-`. Defaults to the title in lower case, with `-` between its words. Refused with TITLE_TAKEN if it exists.',
  })
  name?: string | null;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;
}

@InputType('UpdateSavedSearchInput', {
  description: 'Changes to a saved search. Fields that are omitted or null keep their value.',
})
class UpdateSavedSearchInput {
  @Field(() => String, { description: NAME })
  name!: string;

  @Field(() => String, { nullable: true, description: TITLE })
  title?: string | null;

  @Field(() => String, { nullable: true, description: SEARCH })
  search?: string | null;
}

@InputType('DeleteSavedSearchInput', { description: 'Saved search to delete.' })
class DeleteSavedSearchInput {
  @Field(() => String, { description: NAME })
  name!: string;
}

@ObjectType('CreateSavedSearchPayload', {
  description: 'Result of `createSavedSearch`.',
  simpleResolvers: true,
})
class CreateSavedSearchPayload extends Payload {
  @Field(() => SavedSearchType, { nullable: true, description: 'The new saved search. Null if refused.' })
  savedSearch?: SavedSearch;
}

@ObjectType('UpdateSavedSearchPayload', {
  description: 'Result of `updateSavedSearch`.',
  simpleResolvers: true,
})
class UpdateSavedSearchPayload extends Payload {
  @Field(() => SavedSearchType, {
    nullable: true,
    description: 'The saved search after the mutation. Null if refused.',
  })
  savedSearch?: SavedSearch;
}

@ObjectType('DeleteSavedSearchPayload', {
  description: 'Result of `deleteSavedSearch`.',
  simpleResolvers: true,
})
class DeleteSavedSearchPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Id of the deleted saved search. Null if refused.',
  })
  deletedId?: string;
}

const idOf = ({ id }: SavedSearch): string => cacheId('SavedSearch', id);

@Resolver(() => SavedSearchType)
export class SavedSearchResolver {
  @FieldResolver(() => ID, { description: cacheIdDescription })
  id(@Root() saved: SavedSearch): string {
    return idOf(saved);
  }

  @Query(() => [SavedSearchType], {
    nullable: true,
    description: 'Saved searches of the account, sorted by name. Requires ViewComputer.',
  })
  savedSearches(@Ctx() { services, caller }: GraphContext): Promise<SavedSearch[]> {
    return services.savedSearches.all(caller);
  }

  @Mutation(() => CreateSavedSearchPayload, {
    description:
      'Saves a search query. Requires ManageComputer. Refused with INVALID_INPUT, TITLE_TAKEN or IDEMPOTENCY_KEY_REUSED.',
  })
  createSavedSearch(
    @Arg('input', () => CreateSavedSearchInput, { description: 'Saved search to create.' })
    { idempotencyKey, ...draft }: CreateSavedSearchInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<CreateSavedSearchPayload> {
    return payload(async () => ({
      savedSearch: await services.savedSearches.create(caller, draft, idempotencyKey),
    }));
  }

  @Mutation(() => UpdateSavedSearchPayload, {
    description: 'Changes a saved search. Requires ManageComputer. Refused with NOT_FOUND or INVALID_INPUT.',
  })
  updateSavedSearch(
    @Arg('input', () => UpdateSavedSearchInput, { description: 'Changes to make.' })
    { name, ...edit }: UpdateSavedSearchInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<UpdateSavedSearchPayload> {
    return payload(async () => ({ savedSearch: await services.savedSearches.edit(caller, name, edit) }));
  }

  @Mutation(() => DeleteSavedSearchPayload, {
    description: 'Deletes a saved search. Requires ManageComputer. Refused with NOT_FOUND.',
  })
  deleteSavedSearch(
    @Arg('input', () => DeleteSavedSearchInput, { description: 'Saved search to delete.' })
    { name }: DeleteSavedSearchInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<DeleteSavedSearchPayload> {
    return payload(async () => ({ deletedId: idOf(await services.savedSearches.remove(caller, name)) }));
  }
}
