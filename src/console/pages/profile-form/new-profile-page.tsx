import { Page } from '../../components/page.tsx';

export default function NewProfilePage() {
  return <Page title="New script profile">{null}</Page>;
}
