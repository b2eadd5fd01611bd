/** Someone who logs in; as much of them as is shown beside what they made. */
export interface Person {
  readonly id: number;
  readonly name: string;
  readonly email: string;
}
