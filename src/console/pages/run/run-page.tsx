import { Page } from '../../components/page.tsx';

export default function RunPage() {
  return <Page title="Run">{null}</Page>;
}
