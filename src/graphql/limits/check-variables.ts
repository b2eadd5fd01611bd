import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
import { cut, invalid, Refusal } from '../../domain/errors.ts';

/**
 * Maximum number of faults. A form shows no more, and a list of a hundred thousand wrong items must not delay other
 * requests.
 */
const MAX_FAULTS = 100;

/**
 * Checks variables against their types before graphql-js does. Each fault names the field, the value found and what is
 * allowed. graphql-js would reject the same values with a sentence about its own types. The path omits a variable
 * called `input`, because callers think of its fields.
 * @param strictLists rejects a single value for a list, which GraphQL itself accepts
 * @param hideSchema names no field and no enum value that the caller did not send
 * @throws Refusal INVALID_INPUT with the first fault, and up to a hundred faults in total
 */
export function checkVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  { strictLists = false, hideSchema = false } = {},
): void {
  const faults: Refusal[] = [];

  const check = (value: unknown, type: GraphQLInputType, path: string): void => {
    if (faults.length >= MAX_FAULTS) return;
    if (isNonNullType(type)) {
      if (value == null) fault(value, type.ofType, path);
      else check(value, type.ofType, path);
    } else if (value == null) {
      return;
    } else if (isListType(type)) {
      const items = Array.isArray(value) ? value : strictLists ? undefined : [value];
      if (!items) fault(value, type, path);
      else for (const [index, item] of items.entries()) check(item, type.ofType, `${path}.${index}`);
    } else if (isInputObjectType(type)) {
      if (typeof value !== 'object' || Array.isArray(value)) fault(value, type, path);
      else checkFields(value as Record<string, unknown>, type, path);
    } else {
      try {
        if (type.parseValue(value) === undefined) fault(value, type, path);
      } catch {
        fault(value, type, path);
      }
    }
  };

  const checkFields: CheckFields = (value, type, path) => {
    const at = (name: string) => (path ? `${path}.${name}` : name);
    const fields = type.getFields();
    const unknown = Object.keys(value).filter((name) => !Object.hasOwn(fields, name));
    for (const name of unknown.slice(0, MAX_FAULTS))
      faults.push(
        invalid(
          at(cut(name)),
          value[name],
          hideSchema ? 'omitted' : `one of the fields ${list(Object.keys(fields))}`,
        ),
      );
    if (type.isOneOf && unknown.length === 0) {
      const given = Object.keys(value).filter((name) => value[name] != null);
      if (given.length !== 1 || Object.keys(value).length !== 1) {
        fault(value, type, path);
        return;
      }
    }
    for (const [name, field] of Object.entries(fields)) {
      if (hideSchema && value[name] === undefined && isRequiredInputField(field))
        faults.push(invalid(path || 'input', value, 'complete, with all required fields'));
      else if (value[name] !== undefined || field.defaultValue === undefined)
        check(value[name], field.type, at(name));
    }
  };

  const fault = (value: unknown, type: GraphQLInputType, path: string) => {
    faults.push(invalid(path || 'input', value, hideSchema ? vaguely(type) : allowed(type)));
  };

  for (const { variable, type: typeNode, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    const type = typeFromAST(schema, typeNode);
    // A variable may be called `constructor`, which every object inherits.
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (!isInputType(type) || (value === undefined && defaultValue)) continue;
    check(value, type, name === 'input' ? '' : name);
  }
  const [first, ...others] = faults;
  if (first) throw new Refusal(first.code, first.message, first.detail, others);
}

type CheckFields = (
  value: Record<string, unknown>,
  type: Extract<GraphQLInputType, { isOneOf: boolean }>,
  path: string,
) => void;

const scalars: Readonly<Record<string, string>> = {
  String: 'a string',
  Int: 'a whole number from -2147483648 to 2147483647',
  Boolean: 'true or false',
  ID: 'an id',
};

/** The part of the message after "… must be". */
function allowed(type: GraphQLInputType): string {
  if (isListType(type) || (isNonNullType(type) && isListType(type.ofType))) {
    return `a list, each item ${allowed(getNamedType(type) as GraphQLInputType)}`;
  }
  if (isEnumType(type)) return `one of ${list(type.getValues().map(({ name }) => name))}`;
  if (isInputObjectType(type)) {
    const names = list(Object.keys(type.getFields()));
    return type.isOneOf ? `exactly one of ${names}` : `an object with the fields ${names}`;
  }
  const name = getNamedType(type).name;
  return String(getNamedType(type).extensions.allowed ?? scalars[name] ?? name);
}

/** Like `allowed`, without the names of fields and values. */
function vaguely(type: GraphQLInputType): string {
  const named = getNamedType(type) as GraphQLInputType;
  if (isListType(type) || (isNonNullType(type) && isListType(type.ofType)))
    return `a list, each item ${vaguely(named)}`;
  if (isEnumType(type)) return 'one of the values of its type';
  if (isInputObjectType(type)) return type.isOneOf ? 'an object with exactly one field' : 'an object';
  return allowed(type);
}

const list = (names: readonly string[]) => names.join(', ');
