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

const NAME = 'The name of the saved search.';
const TITLE = 'Its title: 1 to 255 characters.';
const SEARCH = 'The search query, as in `computers(filter: { query })`, with at least one term.';

@ObjectType('SavedSearch', {
  description: 'A search query for computers, saved for the whole account.',
  simpleResolvers: true,
})
export class SavedSearchType {
  @Field(() => String, { description: 'Unique in the account; it never changes.' })
  name!: string;

  @Field(() => String, { description: 'Its title.' })
  title!: string;

  @Field(() => String, { description: 'The search query, for `computers(filter: { query })`.' })
  search!: string;
}

@InputType('CreateSavedSearchInput', { description: 'A search query to save.' })
class CreateSavedSearchInput {
  @Field(() => String, { description: TITLE })
  title!: string;

  @Field(() => String, { description: SEARCH })
  search!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Its name: 1 to 255 letters, digits, `_` and `-`, unique in the account (TITLE_TAKEN). Defaults to the title in lower case, with `-` between its words.',
  })
  name?: string | null;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;
}

@InputType('UpdateSavedSearchInput', {
  description: 'A change of a saved search. A field that is null or left out stays.',
})
class UpdateSavedSearchInput {
  @Field(() => String, { description: NAME })
  name!: string;

  @Field(() => String, { nullable: true, description: TITLE })
  title?: string | null;

  @Field(() => String, { nullable: true, description: SEARCH })
  search?: string | null;
}

@InputType('DeleteSavedSearchInput', { description: 'A saved search to delete.' })
class DeleteSavedSearchInput {
  @Field(() => String, { description: NAME })
  name!: string;
}

@ObjectType('CreateSavedSearchPayload', { description: 'Result of the creation.', simpleResolvers: true })
class CreateSavedSearchPayload extends Payload {
  @Field(() => SavedSearchType, { nullable: true, description: 'New saved search. Null if refused.' })
  savedSearch?: SavedSearch;
}

@ObjectType('UpdateSavedSearchPayload', { description: 'Result of the update.', simpleResolvers: true })
class UpdateSavedSearchPayload extends Payload {
  @Field(() => SavedSearchType, {
    nullable: true,
    description: 'Saved search in its present state. Null if refused.',
  })
  savedSearch?: SavedSearch;
}

@ObjectType('DeleteSavedSearchPayload', { description: 'Result of the deletion.', simpleResolvers: true })
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
    description: 'The saved searches of the account, by name. Requires ViewComputer.',
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
    @Arg('input', () => UpdateSavedSearchInput, { description: 'Changes of the person.' })
    { name, ...edit }: UpdateSavedSearchInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<UpdateSavedSearchPayload> {
    return payload(async () => ({ savedSearch: await services.savedSearches.edit(caller, name, edit) }));
  }

  @Mutation(() => DeleteSavedSearchPayload, {
    description: 'Deletes a saved search. Requires ManageComputer. Refused with NOT_FOUND.',
  })
  deleteSavedSearch(
    @Arg('input', () => DeleteSavedSearchInput, { description: 'Person to remove.' })
    { name }: DeleteSavedSearchInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<DeleteSavedSearchPayload> {
    return payload(async () => ({ deletedId: idOf(await services.savedSearches.remove(caller, name)) }));
  }
}
