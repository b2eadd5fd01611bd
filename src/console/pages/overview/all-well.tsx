import { Icon } from '@canonical/react-components';

/** Says that nothing is wrong now. */
export const AllWell = () => (
  <p className="all-well">
    <Icon name="success" /> Nothing needs attention.
  </p>
);
