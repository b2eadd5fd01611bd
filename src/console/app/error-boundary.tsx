import { Button } from '@canonical/react-components';
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { Notice } from '../components/page/notice.tsx';

interface Props {
  readonly children: ReactNode;
}

/** Shows what broke instead of an empty page. A chunk that cannot be loaded usually means that the gateway was upgraded. */
export class ErrorBoundary extends Component<Props, { readonly error?: Error }> {
  override state: { readonly error?: Error } = {};

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidCatch(error: Error, { componentStack }: ErrorInfo) {
    console.error(error, componentStack);
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    const isOutdated = /dynamically imported module|module script/i.test(error.message);
    return (
      <div className="page">
        <Notice
          severity="negative"
          title={isOutdated ? 'This page belongs to another version of the console' : 'This page broke'}
        >
          {isOutdated ? 'The gateway was probably upgraded. Load the page again.' : error.message}
        </Notice>
        <Button onClick={() => location.reload()}>Load again</Button>
      </div>
    );
  }
}
