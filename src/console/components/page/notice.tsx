import { Notification, type NotificationProps } from '@canonical/react-components';

/** A message in the page. Its title is no heading, because it is no part of the page's outline. */
export const Notice = (props: Omit<NotificationProps, 'titleElement'>) => (
  <Notification {...props} titleElement="p" />
);
