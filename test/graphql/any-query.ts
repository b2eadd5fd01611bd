import {
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLNamedOutputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

export interface AnyQuery {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

interface Value {
  readonly literal: string;
  readonly json: unknown;
}

const DEEPEST = 5;
const MOST_FIELDS = 40;

/** Half of the values are ids of no object, or invalid for the argument. */
const scalars: Readonly<Record<string, readonly unknown[]>> = {
  ID: ['5', '4', '31', '2396', '1', '999', 'x'],
  Int: [2, 1, 5, 0, -1],
  SafeInt: [0, 1, 31, 3],
  String: ['web', 'server', 'a', ''],
  Boolean: [true, false],
  DateTime: ['2025-04-01T00:00:00Z', '2025-04-23T12:00', '2025-05-01T00:00:00.000001Z'],
};

/**
 * Generates a query with any fields and arguments, in aliases, fragments, conditions and variables. It is derived from
 * a tape of numbers, so a shorter tape and smaller numbers make a smaller query. The query need not be valid.
 */
export function anyQuery(schema: GraphQLSchema, tape: readonly number[]): AnyQuery {
  let at = 0;
  let fields = 0;
  let names = 0;
  /** Defaults and values of variables must not contain variables. */
  let isConstant = false;
  const draw = (number: number) => (tape[at++] ?? 0) % number;
  const oneIn = (number: number) => draw(number) === number - 1;
  const oneOf = <Item>(items: readonly Item[]): Item => items[draw(items.length)]!;
  const definitions: string[] = [];
  const variables: Record<string, unknown> = {};
  const fragments: { name: string; on: string; text: string }[] = [];

  function selection(type: GraphQLNamedOutputType, depth: number): string {
    const parts = Array.from({ length: 1 + draw(5) }, () => {
      if (oneIn(8)) return `__typename${condition()}`;
      if (isAbstractType(type) || oneIn(8)) {
        const on = isAbstractType(type) ? oneOf(schema.getPossibleTypes(type)) : type;
        return `... on ${on.name}${condition()} { ${selection(on, depth)} }`;
      }
      if (oneIn(6)) return `...${fragment(type, depth)}${condition()}`;
      return field(type as GraphQLObjectType, depth);
    });
    return parts.join(' ');
  }

  function fragment(type: GraphQLNamedOutputType, depth: number): string {
    const known = fragments.find(({ on }) => on === type.name);
    if (known && oneIn(2)) return known.name;
    const name = `F${++names}`;
    const text = selection(type, depth);
    fragments.push({ name, on: type.name, text });
    return name;
  }

  function field(type: GraphQLObjectType, depth: number): string {
    const all = Object.values(type.getFields()).filter(
      (one) => (depth < DEEPEST && fields < MOST_FIELDS) || !isCompositeType(getNamedType(one.type)),
    );
    if (all.length === 0) return '__typename';
    const { name, type: of, args } = oneOf(all);
    fields += 1;
    const given = args.filter((arg) => isNonNullType(arg.type) || oneIn(3)).map(argument);
    const alias = given.length > 0 || oneIn(4) ? `a${++names}: ` : '';
    const below = subselection(of, depth + 1);
    return `${alias}${name}${given.length > 0 ? `(${given.join(', ')})` : ''}${condition()}${below}`;
  }

  function subselection(of: GraphQLOutputType, depth: number): string {
    const type = getNamedType(of);
    return isCompositeType(type) ? ` { ${selection(type, depth)} }` : '';
  }

  const argument = ({ name, type }: GraphQLArgument) => `${name}: ${value(type).literal}`;

  function value(type: GraphQLInputType): Value {
    if (isConstant || !oneIn(4)) return literal(type);
    const name = `v${++names}`;
    // A variable for a non-null argument may be nullable with a default, and may still be null.
    const declared = isNonNullType(type) && oneIn(2) ? type.ofType : type;
    isConstant = true;
    const standard = oneIn(2) ? ` = ${literal(type).literal}` : '';
    definitions.push(`$${name}: ${declared}${standard}`);
    if (!oneIn(3)) variables[name] = oneIn(6) ? null : literal(type).json;
    isConstant = false;
    return { literal: `$${name}`, json: undefined };
  }

  function literal(type: GraphQLInputType): Value {
    if (isNonNullType(type)) return literal(type.ofType);
    if (isListType(type)) {
      const items = Array.from({ length: draw(3) }, () => value(type.ofType));
      return { literal: `[${items.map((item) => item.literal)}]`, json: items.map(({ json }) => json) };
    }
    if (isInputObjectType(type)) {
      const all = Object.values(type.getFields());
      const one = oneOf(all);
      const given = all.filter((each) =>
        type.isOneOf
          ? each === one
          : (isNonNullType(each.type) && each.defaultValue === undefined) || oneIn(5),
      );
      const values = given.map((each): [string, Value] => [each.name, value(each.type)]);
      return {
        literal: `{${values.map(([name, { literal }]) => `${name}: ${literal}`)}}`,
        json: Object.fromEntries(values.map(([name, { json }]) => [name, json])),
      };
    }
    if (isEnumType(type)) {
      const { name } = oneOf(type.getValues());
      return { literal: name, json: name };
    }
    const json = oneOf(scalars[type.name] ?? ['?']);
    return { literal: JSON.stringify(json), json };
  }

  const condition = () => {
    if (!oneIn(30)) return '';
    const { literal } = value(schema.getType('Boolean') as GraphQLInputType);
    return ` @${oneOf(['include', 'skip'])}(if: ${literal})`;
  };

  const query = schema.getQueryType()!;
  if (!isObjectType(query)) throw new Error('There are no queries.');
  const body = selection(query, 0);
  const head = definitions.length > 0 ? `query Any(${definitions.join(', ')})` : 'query Any';
  const spread = fragments.map(({ name, on, text }) => `fragment ${name} on ${on} { ${text} }`);
  return { text: [`${head} { ${body} }`, ...spread].join('\n'), variables };
}
